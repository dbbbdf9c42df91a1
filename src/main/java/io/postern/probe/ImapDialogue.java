package io.postern.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.probe.ConnectivityTest.Credential;
import io.postern.probe.ConnectivityTest.Depth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The steps of a test of IMAP (RFC 3501). */
final class ImapDialogue {
  private static final Pattern LITERAL = Pattern.compile(".*\\{(\\d{1,9})}");
  private static final Pattern APPENDUID = Pattern.compile(".*\\[APPENDUID \\d+ (\\d+)].*");
  private static final int MAX_LINES = 10_000;

  private final ConnectivityTest test;
  private final ProbeConnection connection;
  private final Steps steps;
  private int tags;

  ImapDialogue(ConnectivityTest test, ProbeConnection connection, Steps steps) {
    this.test = test;
    this.connection = connection;
    this.steps = steps;
  }

  void run() throws IOException {
    // RFC 3501 §7.1.1
    step("greeting", () -> connection.expect("* OK ", "* PREAUTH "));
    var capabilities = steps.take("capability", this::capabilities);
    if (startsTls(capabilities)) {
      step("starttls", this::startTls);
      capabilities = steps.take("capability", this::capabilities);
    }
    if (test.depth() == Depth.GREETING) {
      step("logout", this::logout);
      return;
    }
    if (test.credential().isEmpty()) {
      steps.skip("login", "no credential was given");
      step("logout", this::logout);
      return;
    }
    login(capabilities, test.credential().get());
    switch (test.depth()) {
      case GREETING, LOGON -> {}
      case READ -> read();
      case MESSAGE -> message(test.credential().get());
    }
    step("logout", this::logout);
  }

  private void step(String scenario, Steps.Plain action) throws IOException {
    steps.run(
        scenario,
        () -> {
          connection.begin();
          action.run();
        });
  }

  private boolean startsTls(String capabilities) {
    return switch (test.encryption()) {
      case PLAINTEXT, SSL -> false;
      case TLS -> true;
      case TLS_IF_ANNOUNCED -> announces(capabilities, "STARTTLS");
    };
  }

  private static boolean announces(String capabilities, String name) {
    return List.of(capabilities.split(" ")).contains(name);
  }

  private String capabilities() throws IOException {
    connection.begin();
    return ask("CAPABILITY").stream()
        .filter(line -> line.startsWith("* CAPABILITY "))
        .findFirst()
        .map(line -> line.toUpperCase(Locale.ROOT))
        .orElseThrow(() -> new ProbeFailure("the server announced no capabilities"));
  }

  /** RFC 3501 §6.2.1 */
  private void startTls() throws IOException {
    ask("STARTTLS");
    connection.startTls(test.certificate());
  }

  /** RFC 4616: a name and a password of any characters. */
  private void login(String capabilities, Credential who) throws IOException {
    step(
        "login",
        () -> {
          if (!announces(capabilities, "AUTH=PLAIN")) {
            throw new ProbeFailure("the server does not announce AUTH=PLAIN on this connection");
          }
          connection.send(tag() + " AUTHENTICATE PLAIN");
          connection.expect("+");
          connection.send(plain(who));
          finish(new ArrayList<>());
        });
  }

  static String plain(Credential who) {
    var message = "\0" + who.user() + "\0" + who.password().reveal();
    return Base64.getEncoder().encodeToString(message.getBytes(UTF_8));
  }

  /** The newest message through the store: its flags and the beginning of its header. */
  private void read() throws IOException {
    step("select", () -> ask("EXAMINE INBOX"));
    step("fetch", () -> ask("UID FETCH * (FLAGS RFC822.SIZE BODY.PEEK[HEADER]<0.1024>)"));
  }

  private void message(Credential who) throws IOException {
    var message = TestMessage.to(who.user());
    step("select", () -> ask("SELECT INBOX"));
    var uid =
        steps.take(
            "append",
            () -> {
              connection.begin();
              return append(message);
            });
    step("fetch", () -> compare(uid, message));
    step(
        "delete",
        () -> {
          ask("UID STORE " + uid + " +FLAGS.SILENT (\\Deleted)");
          ask("UID EXPUNGE " + uid);
        });
  }

  /** Returns its UID (RFC 4315 §3). */
  private String append(TestMessage message) throws IOException {
    connection.send(tag() + " APPEND INBOX (\\Seen) {" + message.text().length() + "}");
    connection.expect("+");
    connection.send(message.text());
    var done = APPENDUID.matcher(finish(new ArrayList<>()));
    if (!done.matches()) {
      throw new ProbeFailure("the server returned no APPENDUID");
    }
    return done.group(1);
  }

  private void compare(String uid, TestMessage message) throws IOException {
    if (ask("UID FETCH " + uid + " BODY.PEEK[]").stream()
        .noneMatch(line -> line.contains("\n" + message.text()))) {
      throw new ProbeFailure("the message that was added is not the one that is read");
    }
  }

  private void logout() throws IOException {
    ask("LOGOUT");
  }

  private String tag() {
    tags++;
    return "t" + tags;
  }

  /** The untagged responses to a command, each with its literals behind a line end. */
  private List<String> ask(String command) throws IOException {
    connection.send(tag() + " " + command);
    var untagged = new ArrayList<String>();
    finish(untagged);
    return untagged;
  }

  /** Reads up to the tagged response, which it returns; fails unless that is OK. */
  private String finish(List<String> untagged) throws IOException {
    var prefix = "t" + tags + " ";
    while (true) {
      var line = withLiterals();
      if (line.startsWith(prefix)) {
        if (!line.startsWith(prefix + "OK")) {
          throw new ProbeFailure("the server answered: " + line.substring(prefix.length()));
        }
        return line;
      }
      if (!line.startsWith("* ") || untagged.size() == MAX_LINES) {
        throw new ProbeFailure("the server answered: " + line);
      }
      untagged.add(line);
    }
  }

  private String withLiterals() throws IOException {
    var all = new StringBuilder(connection.line());
    for (var literal = LITERAL.matcher(all);
        literal.matches();
        literal = LITERAL.matcher(lastLine(all))) {
      all.append('\n').append(connection.octets(Long.parseLong(literal.group(1))));
      all.append('\n').append(connection.line());
    }
    return all.toString();
  }

  private static String lastLine(StringBuilder all) {
    return all.substring(all.lastIndexOf("\n") + 1);
  }
}
