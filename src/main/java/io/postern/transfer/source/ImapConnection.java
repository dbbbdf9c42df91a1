package io.postern.transfer.source;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** A connection to an IMAP server: commands, and responses with their literals (RFC 3501 §4.3). */
final class ImapConnection implements Closeable {
  /**
   * An untagged response.
   *
   * @param text without its line end; a literal is replaced by its octets, quoted
   */
  record Response(String text) {}

  /** Receives a literal. */
  @FunctionalInterface
  interface Literals {
    /**
     * Returns where the octets of a literal go.
     *
     * @param before the response up to it
     */
    OutputStream target(String before, long octets) throws IOException;
  }

  /** Octets of a line, and of all literals that are held. */
  private static final int MAX_LINE = 1 << 20;

  private static final Pattern LITERAL = Pattern.compile("\\{(\\d{1,18})\\}$");

  private final ImapServer server;
  private Socket socket;
  private InputStream in;
  private int commands;

  /** Connects, and reads the greeting. */
  ImapConnection(ImapServer server) throws IOException {
    this.server = server;
    this.socket = server.connect();
    this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    try {
      var greeting = line();
      if (!greeting.regionMatches(true, 0, "* OK", 0, 4)) {
        throw new IOException("the server greets with \"" + greeting + "\"");
      }
      if (server.encryption() == ImapServer.Encryption.STARTTLS) {
        command("STARTTLS");
        if (in.available() > 0) {
          throw new IOException("the server sent more before the connection was encrypted");
        }
        socket = server.encrypted(socket);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      }
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** A command whose untagged responses are held; fails unless it is answered with OK. */
  List<Response> command(String command) throws IOException {
    var all = new ArrayList<Response>();
    command(command, (_, octets) -> held(octets), all::add);
    return all;
  }

  /**
   * A command.
   *
   * @param literals of the responses
   * @param each untagged response
   */
  void command(String command, Literals literals, Consumer<Response> each) throws IOException {
    var tag = send(command);
    while (true) {
      var response = response(literals);
      if (response.startsWith(tag + " ")) {
        requireOk(response.substring(tag.length() + 1), command);
        return;
      }
      if (response.startsWith("* ")) {
        each.accept(new Response(response.substring(2)));
      }
    }
  }

  /**
   * Sends a command with secrets as literals, each when the server asks for it.
   *
   * @param name of the command, without arguments
   */
  void secret(String name, String... arguments) throws IOException {
    var tag = tag();
    write(tag + " " + name);
    for (var argument : arguments) {
      var octets = argument.getBytes(StandardCharsets.UTF_8);
      write(" {" + octets.length + "}\r\n");
      var answer = line();
      while (answer.startsWith("* ")) {
        answer = line();
      }
      if (!answer.startsWith("+")) {
        requireOk(answer.substring(Math.min(answer.length(), tag.length() + 1)), name);
        throw new IOException("the server does not ask for what follows " + name);
      }
      socket.getOutputStream().write(octets);
    }
    write("\r\n");
    var answer = line();
    while (!answer.startsWith(tag + " ")) {
      answer = line();
    }
    requireOk(answer.substring(tag.length() + 1), name);
  }

  private static void requireOk(String result, String command) throws IOException {
    if (!result.regionMatches(true, 0, "OK", 0, 2)) {
      var shown = command.length() > 200 ? command.substring(0, 200) + "…" : command;
      throw new IOException("the server answers \"" + result + "\" to " + shown);
    }
  }

  private String send(String command) throws IOException {
    var tag = tag();
    write(tag + " " + command + "\r\n");
    return tag;
  }

  private String tag() {
    return "m" + ++commands;
  }

  private void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static OutputStream held(long octets) throws IOException {
    if (octets > MAX_LINE) {
      throw new IOException("the server sends a literal of " + octets + " octets");
    }
    return new ByteArrayOutputStream();
  }

  private String response(Literals literals) throws IOException {
    var text = new StringBuilder();
    while (true) {
      text.append(line());
      var literal = LITERAL.matcher(text);
      if (!literal.find()) {
        return text.toString();
      }
      long octets = Long.parseLong(literal.group(1));
      text.setLength(literal.start());
      var target = literals.target(text.toString(), octets);
      copy(octets, target);
      if (target instanceof ByteArrayOutputStream held) {
        text.append(quoted(held.toString(StandardCharsets.UTF_8)));
      }
      if (text.length() > MAX_LINE) {
        throw new IOException("a response has more than " + MAX_LINE + " characters");
      }
    }
  }

  private void copy(long octets, OutputStream target) throws IOException {
    var buffer = new byte[1 << 14];
    for (long left = octets; left > 0; ) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw closed();
      }
      target.write(buffer, 0, read);
      left -= read;
    }
  }

  /** A quoted string (RFC 3501 §9). */
  static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw closed();
      }
      if (line.size() == MAX_LINE) {
        throw new IOException("a line has more than " + MAX_LINE + " octets");
      }
      line.write(c);
    }
    var text = line.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private IOException closed() {
    return new IOException("the server " + server.host() + " has closed the connection");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
