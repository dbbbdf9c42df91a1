package io.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A blocking client on loopback; whatever it waits for fails after 20 seconds. */
final class Client implements AutoCloseable {
  private Socket socket;
  private InputStream in;
  private OutputStream out;

  private Client(Socket socket) throws IOException {
    use(socket);
  }

  static Client connect(int port) throws IOException {
    return new Client(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  static Client connectTls(int port) throws Exception {
    var client = connect(port);
    client.startTls();
    return client;
  }

  /** Shakes hands on the socket as it is. */
  X509Certificate startTls() throws Exception {
    return startTls("localhost");
  }

  /** The same, naming the host. */
  X509Certificate startTls(String host) throws Exception {
    return startTls(host, context());
  }

  /** Trusts every certificate, and presents these certificates if requested. */
  static SSLContext context(KeyManager... own) throws GeneralSecurityException {
    return context("TLS", own);
  }

  /** The same of a version, and what is older. */
  static SSLContext context(String version, KeyManager... own) throws GeneralSecurityException {
    var context = SSLContext.getInstance(version);
    context.init(own, TrustsAll.managers(), new SecureRandom());
    return context;
  }

  /** The same; sessions of the context are resumed. */
  X509Certificate startTls(String host, SSLContext context) throws IOException {
    var tls =
        (SSLSocket) context.getSocketFactory().createSocket(socket, host, socket.getPort(), true);
    tls.setUseClientMode(true);
    tls.setSoTimeout(20_000);
    tls.startHandshake();
    use(tls);
    return (X509Certificate) tls.getSession().getPeerCertificates()[0];
  }

  /** Shakes hands, its first octets of TLS in one piece with the text before them. */
  void startTlsBehind(String text) throws Exception {
    socket = new Leading(socket, text.getBytes(StandardCharsets.ISO_8859_1));
    startTls();
  }

  private void use(Socket changed) throws IOException {
    socket = changed;
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  Client send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Client send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /** The next line without its end; empty at the end of all. */
  String line() throws IOException {
    var text = new StringBuilder();
    int octet = in.read();
    while (octet >= 0 && octet != '\n') {
      text.append((char) octet);
      octet = in.read();
    }
    return text.toString().strip();
  }

  Client expect(String... lines) throws IOException {
    for (var line : lines) {
      assertThat(line()).isEqualTo(line);
    }
    return this;
  }

  /** Reads and discards that number of octets. */
  void skip(long octets) throws IOException {
    in.skipNBytes(octets);
  }

  /** The server has closed and said no more. */
  void expectEnd() throws IOException {
    assertThat(in.read()).isEqualTo(-1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** A socket whose first octets wait for those that are written next. */
  private static final class Leading extends Socket {
    private final Socket real;
    private byte[] before;

    Leading(Socket real, byte[] before) {
      this.real = real;
      this.before = before;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return real.getInputStream();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      var out = real.getOutputStream();
      return new OutputStream() {
        @Override
        public void write(int octet) throws IOException {
          write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int from, int length) throws IOException {
          var all = ByteBuffer.allocate(before.length + length).put(before);
          before = new byte[0];
          out.write(all.put(octets, from, length).array());
        }
      };
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
      real.setSoTimeout(millis);
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
      real.setTcpNoDelay(on);
    }

    @Override
    public int getPort() {
      return real.getPort();
    }

    @Override
    public synchronized void close() throws IOException {
      real.close();
    }
  }
}
