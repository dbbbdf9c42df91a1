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

/** Plays a script on a server: connects its clients, speaks their lines, hears the answers. */
final class Player {
  private final Target target;
  private final Mail mail;
  private final Script script;
  private final Consumer<String> secrets;
  private final Bindings bindings = new Bindings();
  private final Map<String, Seat> seats = new LinkedHashMap<>();
  private final List<Target.Login> logins = new ArrayList<>();

  private Player(Target target, Mail mail, Script script, Consumer<String> secrets) {
    this.target = target;
    this.mail = mail;
    this.script = script;
    this.secrets = secrets;
  }

  /**
   * Plays the script with fresh accounts.
   *
   * @throws AssertionError when the server answers otherwise; tells script, line, expected and got
   */
  static void play(Target target, Mail mail, Script script) throws IOException {
    play(target, mail, script, _ -> {});
  }

  /** The same; tells somebody of the secrets it uses. */
  static void play(Target target, Mail mail, Script script, Consumer<String> secrets)
      throws IOException {
    new Player(target, mail, script, secrets).play();
  }

  private void play() throws IOException {
    try {
      prepare();
      for (var turn : script.turns()) {
        at(turn);
      }
      for (var seat : seats.values()) {
        leave(seat);
      }
    } finally {
      for (var seat : seats.values()) {
        seat.close();
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
      var told = target.clerk().orElseThrow().give(word, logins);
      told.ifPresent(text -> secret("app", text));
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
    var seat = new Seat(client, target, logins.get(client.account() - 1));
    var before = seats.put(client.name(), seat);
    if (before != null) {
      before.close();
    }
    if (!greetingIsHeard(client)) {
      seat.answer(Instant.now().plus(ScriptReader.PATIENCE));
    }
    if (script.login() && !client.protocol().equals("lmtp")) {
      login(seat);
    }
  }

  private static void login(Seat seat) throws IOException {
    if (seat.client().protocol().equals("pop3")) {
      seat.pop3("USER " + seat.login().name());
      must(seat, seat.pop3("PASS " + seat.login().password()), "+OK");
      return;
    }
    var answer =
        seat.command(
            "login", "LOGIN \"" + seat.login().name() + "\" \"" + seat.login().password() + "\"");
    must(seat, answer, "login OK");
  }

  private static void must(Seat seat, String answer, String start) {
    if (!answer.startsWith(start)) {
      throw new AssertionError("cannot log in as " + seat.login().name() + ": " + answer);
    }
  }

  /** Whether the client's first turn listens before it speaks. */
  private boolean greetingIsHeard(Script.Client client) {
    return !script.login()
        && script.turns().stream()
                .filter(turn -> turn.session().equals(client.name()))
                .findFirst()
                .orElse(null)
            instanceof Hear;
  }

  private void at(Turn turn) throws IOException {
    var seat = seats.get(turn.session());
    if (seat == null) {
      throw new AssertionError(place(turn) + "no session " + turn.session());
    }
    try {
      for (var other : seats.values()) {
        if (other != seat || !(turn instanceof Say)) {
          other.flush();
        }
      }
      switch (turn) {
        case Say say -> seat.say(say, bindings);
        case Act act -> act(seat, act.deed());
        case Script.Certified(_, _, var user) -> seat.startTls(bindings.fill(user));
        case Script.Authenticate(_, _, var words) ->
            new SaslClient(seat, words.stream().map(bindings::fill).toList(), secrets).run();
        case Hear hear -> hear(seat, hear);
      }
    } catch (AssertionError | IOException e) {
      throw new AssertionError(readable(place(turn) + e.getMessage()), e);
    }
  }

  private void act(Seat seat, Script.Deed deed) throws IOException {
    switch (deed) {
      case STARTTLS -> seat.startTls();
      case DROP -> seat.close();
      case CONNECT -> connect(seat.client());
      case LOGIN -> login(seat);
    }
  }

  private void hear(Seat seat, Hear hear) {
    var until = Instant.now().plus(hear.limit());
    switch (seat.client().protocol()) {
      case "lmtp" -> new LmtpHearing(seat, bindings, until).run(hear);
      case "pop3" -> new Pop3Hearing(seat, bindings, until).run(hear);
      default -> Group.of(hear).forEach(group -> new Hearing(seat, group, bindings).run(until));
    }
  }

  /** A story that ends between commands must leave a session that still answers. */
  private void leave(Seat seat) throws IOException {
    seat.flush();
    var closes =
        script.turns().stream()
            .filter(turn -> turn.session().equals(seat.client().name()))
            .reduce((_, last) -> last)
            .filter(
                last ->
                    last instanceof Act
                        || (last instanceof Hear hear
                            && (hear.lines().getLast() instanceof Script.Closed)));
    if (!closes.isEmpty() || !seat.between()) {
      return;
    }
    if (seat.client().protocol().equals("pop3")) {
      must(seat, seat.pop3("QUIT"), "+OK");
    } else if (seat.client().protocol().equals("imap")) {
      var answer = seat.command("end", "LOGOUT");
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
