package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A client at a real socket. */
final class Peer implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader in;

  Peer(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
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
}
