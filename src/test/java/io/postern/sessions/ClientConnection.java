package io.postern.sessions;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.postern.wire.TrustsAll;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** The client's side of a connection. */
final class ClientConnection implements AutoCloseable {
  private final String host;
  private final int port;
  private Socket socket;
  private InputStream in;
  private Optional<CompressedStream> compression = Optional.empty();

  ClientConnection(String host, int port) throws IOException {
    this.host = host;
    this.port = port;
    this.socket = new Socket();
    socket.connect(new InetSocketAddress(host, port), 5000);
    socket.setTcpNoDelay(true);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  void send(String octets) throws IOException {
    byte[] plain = octets.getBytes(ISO_8859_1);
    socket.getOutputStream().write(compression.map(it -> it.encode(plain)).orElse(plain));
    socket.getOutputStream().flush();
  }

  /** Sends octets as they are, also when others are compressed. */
  void sendUncompressed(String octets) throws IOException {
    socket.getOutputStream().write(octets.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Sends what the server takes: it may close the connection while the octets are on their way. */
  void sendUntilCut(String octets) throws IOException {
    try {
      send(octets);
    } catch (SocketException cut) {
      // The answers that came before the end are still there to be read.
    }
  }

  /** Shakes hands; the tests' certificates are made on the spot, so any is taken. */
  void startTls() throws IOException {
    startTls(new KeyManager[0]);
  }

  /** The same, with a certificate if the server requests one. */
  void startTls(KeyManager[] own) throws IOException {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(own, TrustsAll.managers(), null);
      var secure = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
      secure.setSoTimeout(10_000);
      secure.startHandshake();
      socket = secure;
      in = new BufferedInputStream(secure.getInputStream());
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** Compresses in both directions from now on. */
  void deflate() {
    compression = Optional.of(new CompressedStream(in));
    in = compression.get();
  }

  /** Ends the client's compression; the server's ends where it says. */
  void endDeflate() throws IOException {
    socket.getOutputStream().write(compression.orElseThrow().finish());
    compression = Optional.empty();
  }

  Optional<SSLSession> tls() {
    return socket instanceof SSLSocket secure ? Optional.of(secure.getSession()) : Optional.empty();
  }

  /**
   * The next answer without its line end, literals in it as they came.
   *
   * @throws EOFException when the server has closed
   * @throws SocketTimeoutException when none came in time
   */
  String answer(Instant until) throws IOException {
    var octets = new ByteArrayOutputStream();
    while (true) {
      var line = line(until);
      octets.writeBytes(line.getBytes(ISO_8859_1));
      var length = literal(line);
      if (length < 0) {
        return octets.toString(ISO_8859_1);
      }
      octets.writeBytes(new byte[] {'\r', '\n'});
      for (var n = 0; n < length; n++) {
        octets.write(octet(until));
      }
    }
  }

  /** The next line without its end. */
  String line(Instant until) throws IOException {
    var line = new StringBuilder();
    for (var octet = octet(until); octet != '\n'; octet = octet(until)) {
      line.append((char) octet);
    }
    if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
      throw new IOException("a line ends without CR: " + line);
    }
    return line.substring(0, line.length() - 1);
  }

  /** All input until the server has closed or reset the connection. */
  String rest() throws IOException {
    var rest = new ByteArrayOutputStream();
    try {
      socket.setSoTimeout(20_000);
      in.transferTo(rest);
    } catch (SocketException cut) {
      // As good an end as any; what came before it counts.
    }
    return rest.toString(ISO_8859_1);
  }

  private int octet(Instant until) throws IOException {
    if (in.available() == 0) {
      var left = Duration.between(Instant.now(), until).toMillis();
      if (left <= 0) {
        throw new SocketTimeoutException();
      }
      socket.setSoTimeout((int) left);
    }
    var octet = in.read();
    if (octet < 0) {
      throw new EOFException();
    }
    return octet;
  }

  /** The length of the literal that the line announces; negative when there is none. */
  private static int literal(String line) {
    var open = line.lastIndexOf('{');
    if (open < 0 || !line.endsWith("}") || open + 2 > line.length() - 1) {
      return -1;
    }
    var digits = line.substring(open + 1, line.length() - 1);
    return digits.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(digits) : -1;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
