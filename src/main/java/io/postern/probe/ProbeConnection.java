package io.postern.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.postern.probe.ConnectivityTest.CertificateCheck;
import io.postern.probe.Targets.Target;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A connection to a listener. Blocks; each read ends at the step's or the test's deadline. */
final class ProbeConnection implements AutoCloseable {
  /** The longest line that is read, in octets. */
  private static final int MAX_LINE = 64 * 1_024;

  /** The most octets that are read in one test. */
  private static final long MAX_INPUT = 4L << 20;

  private final long end;
  private final Duration perStep;
  private Socket socket = new Socket();
  private InputStream in = InputStream.nullInputStream();
  private long stepEnd;
  private long read;

  /**
   * @param perStep the longest time of a step
   * @param end when all steps end, by {@link System#nanoTime}
   */
  ProbeConnection(Duration perStep, long end) {
    this.perStep = perStep;
    this.end = end;
    begin();
  }

  /** A step begins: its time counts from now. */
  void begin() {
    stepEnd = System.nanoTime() + perStep.toNanos();
  }

  private int left() throws SocketTimeoutException {
    long now = System.nanoTime();
    long left = Math.min(stepEnd - now, end - now) / 1_000_000;
    if (left <= 0) {
      throw new SocketTimeoutException();
    }
    return (int) Math.min(left, Integer.MAX_VALUE);
  }

  void connect(Target target) throws IOException {
    socket.connect(new InetSocketAddress(target.host(), target.port()), left());
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** TLS begins, and the certificate is verified as the check says. */
  void startTls(CertificateCheck check) throws IOException {
    socket.setSoTimeout(left());
    var name = check.serverName().orElseGet(() -> socket.getInetAddress().getHostAddress());
    var secured =
        (SSLSocket) context(check).getSocketFactory().createSocket(socket, name, -1, true);
    check.serverName().ifPresent(it -> expect(secured, it, check.trustAny()));
    secured.startHandshake();
    socket = secured;
    in = new BufferedInputStream(secured.getInputStream());
  }

  private static void expect(SSLSocket socket, String name, boolean trustAny) {
    var parameters = socket.getSSLParameters();
    // RFC 6066 §3: no addresses, which have a colon or end in a digit.
    if (!name.contains(":") && !name.matches(".*\\.\\d+")) {
      parameters.setServerNames(List.of(new SNIHostName(name)));
    }
    if (!trustAny) {
      // RFC 9525, as for HTTPS.
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    socket.setSSLParameters(parameters);
  }

  private static SSLContext context(CertificateCheck check) throws IOException {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, check.trustAny() ? new TrustManager[] {new AnyCertificate()} : null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be used: " + e.getMessage(), e);
    }
  }

  /** For tests of what is behind TLS, over loopback, where no certificate has the address. */
  private static final class AnyCertificate implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      // The server verifies clients.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      // Any, as the administrator has asked for.
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Sends a line. */
  void send(String line) throws IOException {
    sendOctets((line + "\r\n").getBytes(ISO_8859_1));
  }

  void sendOctets(byte[] octets) throws IOException {
    left();
    var out = socket.getOutputStream();
    out.write(octets);
    out.flush();
  }

  /** The next line, without its end. */
  String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int octet = octet(); octet != '\n'; octet = octet()) {
      if (line.size() == MAX_LINE) {
        throw new ProbeFailure("the server sent a line of over " + MAX_LINE + " octets");
      }
      line.write(octet);
    }
    var text = line.toString(ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  /** So many octets. */
  String octets(long count) throws IOException {
    if (count > MAX_INPUT) {
      throw new ProbeFailure("the server announced " + count + " octets");
    }
    var text = new ByteArrayOutputStream();
    while (text.size() < count) {
      text.write(octet());
    }
    return text.toString(ISO_8859_1);
  }

  private int octet() throws IOException {
    if (in.available() == 0) {
      socket.setSoTimeout(left());
    }
    int octet = in.read();
    if (octet < 0) {
      throw new ProbeFailure("the server closed the connection");
    }
    read++;
    if (read > MAX_INPUT) {
      throw new ProbeFailure("the server sent over " + MAX_INPUT + " octets");
    }
    return octet;
  }

  /** A line that begins so; fails with what came in its place. */
  String expect(String... beginnings) throws IOException {
    var line = line();
    if (Stream.of(beginnings).noneMatch(line::startsWith)) {
      throw new ProbeFailure("the server answered: " + line);
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
