package io.postern.transfer.source;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Where a server is, and how it is reached.
 *
 * @param host its name, which its certificate must have
 * @param encryption of the connection
 * @param trusted a file with the certificates to trust (PEM); those of the Java platform if absent
 */
public record ImapServer(String host, int port, Encryption encryption, Optional<Path> trusted) {
  /** How a connection is encrypted. */
  public enum Encryption {
    /** By TLS from the first octet (RFC 8314 §3.2). */
    SSL,
    /** By STARTTLS (RFC 3501 §6.2.1). */
    STARTTLS,
    /** Not at all. */
    NONE
  }

  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** For each read. */
  private static final Duration ANSWER = Duration.ofMinutes(2);

  Socket connect() throws IOException {
    // Closed with the connection.
    var socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(host, port), (int) CONNECT.toMillis());
      socket.setSoTimeout((int) ANSWER.toMillis());
      socket.setTcpNoDelay(true);
      return encryption == Encryption.SSL ? encrypted(socket) : socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** The same connection, encrypted, if the certificate is trusted and has the host's name. */
  Socket encrypted(Socket socket) throws IOException {
    var tls = (SSLSocket) context().getSocketFactory().createSocket(socket, host, port, true);
    var parameters = tls.getSSLParameters();
    // RFC 2818 §3.1: also what RFC 8314 §4 asks for.
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    return tls;
  }

  private SSLContext context() throws IOException {
    try {
      if (trusted.isEmpty()) {
        return SSLContext.getDefault();
      }
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      try (var in = Files.newInputStream(trusted.get())) {
        int number = 0;
        for (var it : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
          store.setCertificateEntry("trusted-" + number++, it);
        }
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("the trusted certificates can't be used: " + e.getMessage(), e);
    }
  }
}
