package io.postern.sessions;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** One client of a running script: its connection and unsent input. */
final class ScriptClient implements AutoCloseable {
  private final Script.Client client;
  private final Target.Login login;
  private final ClientConnection wire;
  private final StringBuilder outgoing = new StringBuilder();
  private final Deque<String> early = new ArrayDeque<>();
  private final List<Script.Line> optional = new ArrayList<>();
  private final Dialect dialect;
  private boolean between = true;

  ScriptClient(Script.Client client, Target target, Target.Login login) throws IOException {
    this(client, target, login, Dialect.PLAIN);
  }

  ScriptClient(Script.Client client, Target target, Target.Login login, Dialect dialect)
      throws IOException {
    this.client = client;
    this.login = login;
    this.dialect = dialect;
    this.wire = new ClientConnection(target.host(), port(client, target));
  }

  private static int port(Script.Client client, Target target) {
    return switch (client.protocol()) {
      case "lmtp" -> target.lmtpPort();
      case "pop3" -> target.pop3Port();
      default -> target.imapPort();
    };
  }

  Script.Client client() {
    return client;
  }

  Target.Login login() {
    return login;
  }

  /** How it speaks IMAP. */
  Dialect dialect() {
    return dialect;
  }

  /** Whether lines wait for the next time that this client reads. */
  boolean unsent() {
    return !outgoing.isEmpty();
  }

  /** Optional lines that did not come where they stood: they may come with the next answers. */
  List<Script.Line> optional() {
    return optional;
  }

  /** Whether the last thing heard ended a command, so that another may be given. */
  boolean between() {
    return between;
  }

  void between(boolean now) {
    between = now;
  }

  /** Sends the line of a turn; consecutive turns without answers are sent in one segment. */
  void say(Script.Say say, Bindings bindings) throws IOException {
    dialect.beforeLine(this);
    between = false;
    var first = true;
    for (var piece : say.pieces()) {
      switch (piece) {
        case Script.Plain(var octets) -> {
          var filled = bindings.fill(octets);
          outgoing.append(first ? dialect.line(this, filled, say.pieces().size() == 1) : filled);
          first = false;
        }
        case Script.Literal(var octets, var waits) -> {
          var filled = bindings.fill(octets);
          outgoing.append('{').append(filled.length()).append(waits ? "}\r\n" : "+}\r\n");
          if (waits && !invited()) {
            return;
          }
          outgoing.append(filled);
        }
      }
    }
    outgoing.append("\r\n");
  }

  /** Waits for the line that asks for the literal; false when the command was refused instead. */
  private boolean invited() throws IOException {
    flush();
    var until = Instant.now().plus(ScriptReader.PATIENCE);
    var refused = false;
    while (!refused) {
      var answer = wire.answer(until);
      if (answer.startsWith("+")) {
        return true;
      }
      early.add(answer);
      refused = !answer.startsWith("* ");
    }
    return false;
  }

  void flush() throws IOException {
    if (!outgoing.isEmpty()) {
      var octets = outgoing.toString();
      outgoing.setLength(0);
      wire.send(octets);
    }
  }

  String answer(Instant until) throws IOException {
    return early.isEmpty() ? wire.answer(until) : early.remove();
  }

  String line(Instant until) throws IOException {
    return early.isEmpty() ? wire.line(until) : early.remove();
  }

  void startTls() throws IOException {
    wire.startTls();
  }

  /** The same, with a certificate of this user. */
  void startTls(String user) throws IOException {
    wire.startTls(ClientCertificates.of(user));
  }

  /** Compresses in both directions. */
  void deflate() {
    wire.deflate();
  }

  /** Ends that; the server ends its own side behind the next answer. */
  void endDeflate() throws IOException {
    wire.endDeflate();
  }

  /** Keeps what came ahead of what the script expects. */
  void keep(List<String> answers) {
    early.addAll(answers);
  }

  /** Sends a command outside the script and accepts any answer. */
  String command(String tag, String command) throws IOException {
    wire.send(tag + " " + command + "\r\n");
    var until = Instant.now().plus(ScriptReader.PATIENCE);
    var answer = answer(until);
    while (!answer.startsWith(tag + " ")) {
      answer = answer(until);
    }
    return answer;
  }

  /** The same; returns all that came up to its end. */
  List<String> exchanged(String tag, String command) throws IOException {
    wire.send(tag + " " + command + "\r\n");
    var until = Instant.now().plus(ScriptReader.PATIENCE);
    var answers = new ArrayList<String>();
    while (answers.isEmpty() || !answers.getLast().startsWith(tag + " ")) {
      answers.add(wire.answer(until));
    }
    return answers;
  }

  /** Sends a line that no turn wrote, and waits for what it is answered. */
  String exchange(String line) throws IOException {
    wire.send(line + "\r\n");
    var until = Instant.now().plus(ScriptReader.PATIENCE);
    var pop3 = client.protocol().equals("pop3");
    var answer = pop3 ? wire.line(until) : wire.answer(until);
    while (!pop3 && answer.startsWith("* ")) {
      answer = wire.answer(until);
    }
    return answer;
  }

  /** What ends an exchange is for the script to hear. */
  void heard(String answer) {
    early.add(answer);
  }

  java.util.Optional<javax.net.ssl.SSLSession> tls() {
    return wire.tls();
  }

  /** Sends a POP3 command outside the script; returns its status line. */
  String pop3(String command) throws IOException {
    wire.send(command + "\r\n");
    return wire.line(Instant.now().plus(ScriptReader.PATIENCE));
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
