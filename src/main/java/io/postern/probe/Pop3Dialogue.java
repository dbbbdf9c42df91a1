package io.postern.probe;

import io.postern.probe.ConnectivityTest.Credential;
import io.postern.probe.ConnectivityTest.Depth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The steps of a test of POP3 (RFC 1939). */
final class Pop3Dialogue {
  /**
   * A message that was just delivered is the first or the last, if others come meanwhile nearly.
   */
  private static final int NEAR_THE_END = 10;

  private static final int MAX_LINES = 100_000;

  private final ConnectivityTest test;
  private final ProbeConnection connection;
  private final Steps steps;

  Pop3Dialogue(ConnectivityTest test, ProbeConnection connection, Steps steps) {
    this.test = test;
    this.connection = connection;
    this.steps = steps;
  }

  /**
   * Runs the test.
   *
   * @param message the one that was delivered before; read only if there is one
   */
  void run(List<TestMessage> message) throws IOException {
    step("greeting", () -> connection.expect("+OK"));
    var capabilities = steps.take("capability", this::capabilities);
    if (startsTls(capabilities)) {
      step("starttls", this::startTls);
      capabilities = steps.take("capability", this::capabilities);
    }
    if (test.depth() != Depth.GREETING) {
      if (test.credential().isPresent()) {
        login(capabilities, test.credential().get());
        transaction(message);
      } else {
        steps.skip("login", "no credential was given");
      }
    }
    // RFC 1939 §6: deletes what DELE has marked.
    step("quit", () -> ask("QUIT"));
  }

  private void step(String scenario, Steps.Plain action) throws IOException {
    steps.run(
        scenario,
        () -> {
          connection.begin();
          action.run();
        });
  }

  private boolean startsTls(List<String> capabilities) {
    return switch (test.encryption()) {
      case PLAINTEXT, SSL -> false;
      case TLS -> true;
      case TLS_IF_ANNOUNCED -> capabilities.contains("STLS");
    };
  }

  /** RFC 2449 §5 */
  private List<String> capabilities() throws IOException {
    connection.begin();
    ask("CAPA");
    return lines().stream().map(line -> line.toUpperCase(Locale.ROOT)).toList();
  }

  /** RFC 2595 §4 */
  private void startTls() throws IOException {
    ask("STLS");
    connection.startTls(test.certificate());
  }

  /** RFC 5034 */
  private void login(List<String> capabilities, Credential who) throws IOException {
    step(
        "login",
        () -> {
          if (capabilities.stream().noneMatch(it -> it.matches("SASL( .*)? PLAIN( .*)?"))) {
            throw new ProbeFailure("the server does not announce SASL PLAIN on this connection");
          }
          connection.send("AUTH PLAIN");
          connection.expect("+ ");
          connection.send(ImapDialogue.plain(who));
          connection.expect("+OK");
        });
  }

  private void transaction(List<TestMessage> message) throws IOException {
    switch (test.depth()) {
      case GREETING, LOGON -> {}
      case READ -> read();
      case MESSAGE -> {
        if (message.isEmpty()) {
          read();
        } else {
          find(message.getFirst());
        }
      }
    }
  }

  private void read() throws IOException {
    int count = steps.take("stat", this::count);
    step("uidl", this::uidl);
    if (count > 0) {
      step("top", () -> header(count));
    }
  }

  private void uidl() throws IOException {
    ask("UIDL");
    lines();
  }

  private int count() throws IOException {
    connection.begin();
    var words = ask("STAT").split(" ");
    if (words.length < 3 || !words[1].matches("\\d{1,9}")) {
      throw new ProbeFailure("the server answered: " + String.join(" ", words));
    }
    return Integer.parseInt(words[1]);
  }

  private List<String> header(int number) throws IOException {
    ask("TOP " + number + " 0");
    return lines();
  }

  private void find(TestMessage message) throws IOException {
    int count = steps.take("stat", this::count);
    int number =
        steps.take(
            "find",
            () -> {
              connection.begin();
              return numberOf(message, count);
            });
    step("retr", () -> compare(number, message));
    step("dele", () -> ask("DELE " + number));
  }

  private int numberOf(TestMessage message, int count) throws IOException {
    for (int number : nearTheEnds(count)) {
      if (header(number).contains("Message-ID: " + message.id())) {
        return number;
      }
    }
    throw new ProbeFailure("the message that was delivered is not in the mailbox");
  }

  /** Which end the newest message is at depends on a setting. */
  private static List<Integer> nearTheEnds(int count) {
    var numbers = new ArrayList<Integer>();
    for (int i = 0; i < Math.min(count, NEAR_THE_END); i++) {
      numbers.add(count - i);
      numbers.add(i + 1);
    }
    return numbers;
  }

  private void compare(int number, TestMessage message) throws IOException {
    ask("RETR " + number);
    // Delivery adds lines at the top.
    if (!(String.join("\r\n", lines()) + "\r\n").endsWith(message.text())) {
      throw new ProbeFailure("the message that was delivered is not the one that is read");
    }
  }

  private String ask(String command) throws IOException {
    connection.send(command);
    return connection.expect("+OK");
  }

  /** The lines of a multi-line response (RFC 1939 §3). */
  private List<String> lines() throws IOException {
    var lines = new ArrayList<String>();
    for (var line = connection.line(); !line.equals("."); line = connection.line()) {
      if (lines.size() == MAX_LINES) {
        throw new ProbeFailure("the server sent over " + MAX_LINES + " lines");
      }
      lines.add(line.startsWith(".") ? line.substring(1) : line);
    }
    return lines;
  }
}
