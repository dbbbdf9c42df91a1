package io.postern.sessions;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.sessions.Script.Act;
import io.postern.sessions.Script.Hear;
import io.postern.sessions.Script.Say;
import io.postern.sessions.Script.Turn;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Runs a script on a server: connects its clients, sends their lines, compares the answers. */
final class Player {
  private final Target target;
  private final Mail mail;
  private final Script script;
  private final Consumer<String> secrets;
  private final Supplier<Dialect> dialects;
  private final Bindings bindings = new Bindings();
  private final Map<String, ScriptClient> scriptClients = new LinkedHashMap<>();
  private final List<Target.Login> logins = new ArrayList<>();

  private Player(
      Target target,
      Mail mail,
      Script script,
      Consumer<String> secrets,
      Supplier<Dialect> dialects) {
    this.target = target;
    this.mail = mail;
    this.script = script;
    this.secrets = secrets;
    this.dialects = dialects;
  }

  /**
   * Plays the script with fresh accounts.
   *
   * @throws AssertionError when an answer differs; names script, line, expected and received
   *     answers
   */
  static void play(Target target, Mail mail, Script script) throws IOException {
    play(target, mail, script, _ -> {});
  }

  /** The same; reports the secrets it uses. */
  static void play(Target target, Mail mail, Script script, Consumer<String> secrets)
      throws IOException {
    new Player(target, mail, script, secrets, () -> Dialect.PLAIN).play();
  }

  /** The same; each IMAP connection has a dialect of its own. */
  static void play(Target target, Mail mail, Script script, Supplier<Dialect> dialects)
      throws IOException {
    new Player(target, mail, script, _ -> {}, dialects).play();
  }

  private void play() throws IOException {
    try {
      prepare();
      for (var turn : script.turns()) {
        at(turn);
      }
      for (var scriptClient : scriptClients.values()) {
        leave(scriptClient);
      }
    } finally {
      for (var scriptClient : scriptClients.values()) {
        scriptClient.close();
      }
    }
  }

  private void prepare() throws IOException {
    var count = script.sessions().stream().mapToInt(Script.Client::account).max().orElse(1);
    for (var number = 1; number <= count; number++) {
      var login = target.account();
      logins.add(login);
      var suffix = number == 1 ? "" : Integer.toString(number);
      bindings.set("user" + suffix, login.name());
      bindings.set("password" + suffix, login.password());
      secret("plain" + suffix, plain(login));
    }
    if (script.settings().toString().contains("$jwks")) {
      bindings.set("jwks", Issuer.jwks());
      Issuer.tokens(logins.getFirst().name()).forEach(this::secret);
    }
    target.set(script.settings().stream().map(bindings::fill).toList());
    mail.fill(target, logins.getFirst(), script);
    for (var word : script.given()) {
      var appPassword = target.accountSetup().orElseThrow().give(word, logins);
      appPassword.ifPresent(text -> secret("app", text));
    }
    for (var client : script.sessions()) {
      connect(client);
    }
  }

  private void secret(String name, String value) {
    bindings.set(name, value);
    secrets.accept(value);
  }

  /** The message of PLAIN (RFC 4616 §2). */
  private static String plain(Target.Login login) {
    var message = "\0" + login.name() + "\0" + login.password();
    return Base64.getEncoder().encodeToString(message.getBytes(UTF_8));
  }

  private void connect(Script.Client client) throws IOException {
    var dialect = client.protocol().equals("imap") ? dialects.get() : Dialect.PLAIN;
    var scriptClient = new ScriptClient(client, target, logins.get(client.account() - 1), dialect);
    var before = scriptClients.put(client.name(), scriptClient);
    if (before != null) {
      before.close();
    }
    if (!greetingIsHeard(client)) {
      scriptClient.answer(Instant.now().plus(ScriptReader.PATIENCE));
    }
    if (script.login() && !client.protocol().equals("lmtp")) {
      login(scriptClient);
    }
  }

  private static void login(ScriptClient scriptClient) throws IOException {
    if (scriptClient.client().protocol().equals("pop3")) {
      scriptClient.pop3("USER " + scriptClient.login().name());
      must(scriptClient, scriptClient.pop3("PASS " + scriptClient.login().password()), "+OK");
      return;
    }
    var answer =
        scriptClient.command(
            "login",
            "LOGIN \""
                + scriptClient.login().name()
                + "\" \""
                + scriptClient.login().password()
                + "\"");
    must(scriptClient, answer, "login OK");
    scriptClient.dialect().loggedIn(scriptClient);
  }

  private static void must(ScriptClient scriptClient, String answer, String start) {
    if (!answer.startsWith(start)) {
      throw new AssertionError("cannot log in as " + scriptClient.login().name() + ": " + answer);
    }
  }

  /** Whether the client's first turn reads before it sends. */
  private boolean greetingIsHeard(Script.Client client) {
    return !script.login()
        && script.turns().stream()
                .filter(turn -> turn.session().equals(client.name()))
                .findFirst()
                .orElse(null)
            instanceof Hear;
  }

  private void at(Turn turn) throws IOException {
    var scriptClient = scriptClients.get(turn.session());
    if (scriptClient == null) {
      throw new AssertionError(place(turn) + "no session " + turn.session());
    }
    try {
      for (var other : scriptClients.values()) {
        if (other != scriptClient || !(turn instanceof Say)) {
          other.flush();
        }
      }
      switch (turn) {
        case Say say -> scriptClient.say(say, bindings);
        case Act act -> act(scriptClient, act.action());
        case Script.Certified(_, _, var user) -> scriptClient.startTls(bindings.fill(user));
        case Script.Authenticate(_, _, var words) ->
            new SaslClient(scriptClient, words.stream().map(bindings::fill).toList(), secrets)
                .run();
        case Hear hear -> hear(scriptClient, hear);
      }
    } catch (AssertionError | IOException e) {
      throw new AssertionError(readable(place(turn) + e.getMessage()), e);
    }
  }

  private void act(ScriptClient scriptClient, Script.Action action) throws IOException {
    switch (action) {
      case STARTTLS -> scriptClient.startTls();
      case DEFLATE -> scriptClient.deflate();
      case PLAIN -> scriptClient.endDeflate();
      case DROP -> scriptClient.close();
      case CONNECT -> connect(scriptClient.client());
      case LOGIN -> login(scriptClient);
    }
  }

  private void hear(ScriptClient scriptClient, Hear hear) {
    var until = Instant.now().plus(hear.limit());
    switch (scriptClient.client().protocol()) {
      case "lmtp" -> new LmtpMatcher(scriptClient, bindings, until).run(hear);
      case "pop3" -> new Pop3Matcher(scriptClient, bindings, until).run(hear);
      default ->
          Group.of(hear)
              .forEach(group -> new ImapMatcher(scriptClient, group, bindings).run(until));
    }
  }

  /** After a script that ends between commands the session must still answer. */
  private void leave(ScriptClient scriptClient) throws IOException {
    scriptClient.flush();
    var closes =
        script.turns().stream()
            .filter(turn -> turn.session().equals(scriptClient.client().name()))
            .reduce((_, last) -> last)
            .filter(
                last ->
                    last instanceof Act
                        || (last instanceof Hear hear
                            && (hear.lines().getLast() instanceof Script.Closed)));
    if (!closes.isEmpty() || !scriptClient.between()) {
      return;
    }
    if (scriptClient.client().protocol().equals("pop3")) {
      must(scriptClient, scriptClient.pop3("QUIT"), "+OK");
    } else if (scriptClient.client().protocol().equals("imap")) {
      var answer = scriptClient.command("end", "LOGOUT");
      if (!answer.startsWith("end OK")) {
        throw new AssertionError(script.file() + ": at the end LOGOUT was answered: " + answer);
      }
    }
  }

  private String place(Turn turn) {
    return script.file() + ":" + turn.line() + ": ";
  }

  private static String readable(String octets) {
    return octets.chars().allMatch(c -> c < 256)
        ? new String(octets.getBytes(ISO_8859_1), UTF_8)
        : octets;
  }
}
