package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A client at a real socket. */
final class Peer implements AutoCloseable {
  private Socket socket;
  private BufferedReader in;

  Peer(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    in = reader(socket);
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
  }

  /** Shakes hands, whatever certificate is shown; whose it is. */
  String startTls(KeyManager... own) throws IOException {
    return startTls(Optional.empty(), own);
  }

  /** The same in this version of TLS and no other. */
  String startTls(Optional<String> version, KeyManager... own) throws IOException {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(own, new TrustManager[] {new TrustsAll()}, null);
      var tls =
          (SSLSocket)
              context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
      version.ifPresent(it -> tls.setEnabledProtocols(new String[] {it}));
      tls.startHandshake();
      socket = tls;
      in = reader(tls);
      var shown = (X509Certificate) tls.getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  String line() throws IOException {
    return Objects.requireNonNull(in.readLine(), "the server closed");
  }

  void send(String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** Lines up to the last of an LMTP reply. */
  List<String> say(String line) throws IOException {
    send(line);
    var reply = new ArrayList<String>();
    do {
      reply.add(line());
    } while (reply.getLast().charAt(3) == '-');
    return reply;
  }

  /** The first line with this beginning. */
  String until(String beginning) throws IOException {
    var line = line();
    while (!line.startsWith(beginning)) {
      line = line();
    }
    return line;
  }

  /** Gives an IMAP command that is done, and answers all lines up to its OK. */
  String command(String command) throws IOException {
    send("t " + command);
    var answers = new StringBuilder();
    while (true) {
      var line = line();
      answers.append(line).append('\n');
      if (line.startsWith("t ")) {
        assertThat(line).startsWith("t OK ");
        return answers.toString();
      }
    }
  }

  /** Appends a small message. */
  void append(String mailbox) throws IOException {
    command("APPEND " + mailbox + " {14+}\r\nSubject: a\r\n\r\n");
  }

  /** How long to wait for each line from now on; else 20 seconds. */
  void patience(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  /** The next line; empty when the server has closed. */
  Optional<String> next() throws IOException {
    return Optional.ofNullable(in.readLine());
  }

  /** Whether a line, or part of one, has come that was not read. */
  boolean hasWord() throws IOException {
    return in.ready();
  }

  /** The server closes without output. */
  void ended() throws IOException {
    assertThat(in.readLine()).isNull();
  }

  /** The server closes without output, perhaps without having read all. */
  void cut() throws IOException {
    try {
      ended();
    } catch (SocketException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
  }

  /** Hands a message in by LMTP. */
  void hand(String recipient, String message) throws IOException {
    assertThat(say("MAIL FROM:<sender@example.test>").getFirst()).startsWith("250 ");
    assertThat(say("RCPT TO:<" + recipient + ">").getFirst()).startsWith("250 ");
    assertThat(say("DATA").getFirst()).startsWith("354 ");
    var stuffed = message.replace("\r\n.", "\r\n..");
    assertThat(say(stuffed + ".").getFirst()).startsWith("250 2.1.5 ");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket at) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket at) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine at) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine at) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
