package io.postern.site;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Objects;
import java.util.Optional;

/** A client of a site, or the front end of another one. */
final class SiteClient implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader in;

  SiteClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(20_000);
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
  }

  static SiteClient at(int port) throws IOException {
    var peer = new SiteClient(new Socket(InetAddress.getLoopbackAddress(), port));
    peer.line();
    return peer;
  }

  String line() throws IOException {
    return Objects.requireNonNull(in.readLine(), "closed");
  }

  Optional<String> next() throws IOException {
    return Optional.ofNullable(in.readLine());
  }

  String until(String start) throws IOException {
    var line = line();
    while (!line.startsWith(start)) {
      line = line();
    }
    return line;
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write((text + "\r\n").getBytes(UTF_8));
    socket.getOutputStream().flush();
  }

  String say(String command) throws IOException {
    send("t " + command);
    return until("t ");
  }

  String login(String user) throws IOException {
    return say("LOGIN " + user + " " + MemorySite.PASSWORD);
  }

  String pop3(String command) throws IOException {
    send(command);
    return line();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
