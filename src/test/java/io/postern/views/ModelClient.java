package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.SetText;
import io.postern.imap.session.ImapProtocol;
import io.postern.model.NumberSet;
import io.postern.wire.CloseReason;
import io.postern.wire.Protocol;
import io.postern.wire.Request;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A client whose view consists of the responses of the server only. */
final class ModelClient {
  private static final Pattern EXISTS = Pattern.compile("\\* (\\d+) EXISTS");
  private static final Pattern EXPUNGE = Pattern.compile("\\* (\\d+) EXPUNGE");
  private static final Pattern FETCH = Pattern.compile("\\* (\\d+) FETCH \\((.*)\\)");
  private static final Pattern UID = Pattern.compile("\\bUID (\\d+)");
  private static final Pattern FLAGS = Pattern.compile("FLAGS \\(([^)]*)\\)");
  private static final Pattern MODSEQ = Pattern.compile("MODSEQ \\((\\d+)\\)");
  private static final Pattern VANISHED =
      Pattern.compile("\\* VANISHED (\\(EARLIER\\) )?([\\d:,]+)");

  /** While these run, no number may move (RFC 3501 §7.4.1). */
  private static final Set<String> NUMBERED = Set.of("FETCH", "STORE", "SEARCH");

  /** In the responses to these, flags are shown that nothing asked for. */
  private static final Set<String> UNASKED = Set.of("NOOP", "IDLE", "STORE", "EXPUNGE", "COPY");

  private static final int KEPT = 200;

  /** What a client enables. */
  enum Kind {
    PLAIN,
    CONDSTORE,
    QRESYNC
  }

  /** What the client knows of a message. */
  private static final class Known {
    Optional<Long> uid = Optional.empty();
    Optional<Set<String>> flags = Optional.empty();
  }

  private final RandomScheduler scheduler;
  private final ImapProtocol protocol;
  private final Kind kind;
  private final ModSeqs modSeqs = new ModSeqs();
  private QuietConnection connection;
  private Protocol.Session session;
  private final List<Known> messages = new ArrayList<>();
  private final Deque<String> heard = new ArrayDeque<>();
  private String selected = "";
  private String verb = "";
  private boolean running;
  private boolean selecting;
  private int read;
  private int lines;

  /** What the client keeps of its mailbox while it is not connected: flags by UID. */
  private Optional<Map<Long, Set<String>>> kept = Optional.empty();

  /** What a silent STORE does to flags, for when a response shows that it was done. */
  private Optional<UnaryOperator<Set<String>>> silently = Optional.empty();

  ModelClient(RandomScheduler scheduler, ImapProtocol protocol) {
    this(scheduler, protocol, Kind.PLAIN);
  }

  ModelClient(RandomScheduler scheduler, ImapProtocol protocol, Kind kind) {
    this.scheduler = scheduler;
    this.protocol = protocol;
    this.kind = kind;
    this.connection = new QuietConnection(scheduler, _ -> {});
    this.session = protocol.open(connection);
    connect();
  }

  private void connect() {
    var mine = new QuietConnection[1];
    mine[0] =
        new QuietConnection(
            scheduler,
            line -> {
              // After a disconnect the client hears nothing more.
              if (connection == mine[0]) {
                hear(line);
              }
            });
    connection = mine[0];
    session = protocol.open(connection);
    session.opened();
    say("ENTER");
    scheduler.settle();
    if (kind != Kind.PLAIN) {
      say("ENABLE " + kind);
      scheduler.settle();
    }
  }

  Kind kind() {
    return kind;
  }

  /** The mod-sequence up to which it knows all changes. */
  long modSeq() {
    return modSeqs.highest();
  }

  boolean isDropped() {
    return kept.isPresent();
  }

  /** Disconnects, amid a command maybe, and keeps what it knows of its mailbox. */
  void drop() {
    var known = new TreeMap<Long, Set<String>>();
    for (var message : messages) {
      message.uid.ifPresent(uid -> message.flags.ifPresent(flags -> known.put(uid, flags)));
    }
    heard.add("C: disconnects at " + modSeq());
    session.closed(CloseReason.CLIENT);
    connection = new QuietConnection(scheduler, _ -> {});
    modSeqs.forgetUnfinished();
    running = false;
    messages.clear();
    silently = Optional.empty();
    selected = selecting ? "" : selected;
    kept = Optional.of(known);
  }

  /** Connects again and asks what changed meanwhile; all else stands still. */
  void resume() {
    connect();
    if (selected.isEmpty()) {
      kept = Optional.of(Map.of());
    } else if (kind == Kind.QRESYNC) {
      say("SELECT " + selected + " (QRESYNC (" + modSeqs.uidValidity() + " " + modSeq() + "))");
      scheduler.settle();
    } else {
      long since = modSeq();
      say("SELECT " + selected + " (CONDSTORE)");
      scheduler.settle();
      say("UID FETCH 1:* (FLAGS) (CHANGEDSINCE " + since + ")");
      scheduler.settle();
    }
  }

  /** What it kept, with the changes that it heard of since, must be so. */
  void resumedWith(List<Long> uids, List<Set<String>> flags) {
    kept.orElseThrow()
        .forEach(
            (uid, known) -> {
              int at = uids.indexOf(uid);
              if (at >= 0) {
                assertThat(known).as(() -> "UID " + uid + story()).isEqualTo(flags.get(at));
              } else {
                // Without QRESYNC it does not hear of expunges.
                assertThat(kind).as(() -> "UID " + uid + story()).isEqualTo(Kind.CONDSTORE);
              }
            });
    kept = Optional.empty();
  }

  boolean busy() {
    return running;
  }

  boolean idling() {
    return connection.awaitsLine();
  }

  boolean hasSelected(String mailbox) {
    return selected.equals(mailbox);
  }

  int size() {
    return messages.size();
  }

  /** How many lines it heard in all. */
  int lines() {
    return lines;
  }

  /** How often its commands gave the event loop to others. */
  int turns() {
    return connection.turns();
  }

  /** How many answers to FETCH its commands began when there was no room. */
  int overruns() {
    return connection.overruns();
  }

  /** How many allowances of memory its commands did not give back. */
  int allowances() {
    return connection.allowances();
  }

  /** Limits the octets of memory of its commands. */
  void memory(int octets) {
    connection.memory(octets);
  }

  void timePasses() {
    connection.timePasses();
  }

  void done() {
    connection.line("DONE");
  }

  void select(String mailbox) {
    selected = "";
    messages.clear();
    selecting = true;
    say("SELECT " + mailbox);
    selected = mailbox;
  }

  /** Gives a command; its answers come as chance has it. */
  void say(String command) {
    assertThat(running).isFalse();
    running = true;
    verb = command.split(" ", 2)[0];
    silently = Optional.empty();
    heard.add("C: " + command);
    session
        .command(new Request(List.of(Buffer.buffer("t " + command)), List.of()))
        .subscribe()
        .with(
            _ -> running = false,
            failure -> {
              throw new AssertionError(failure);
            });
  }

  /** STORE that is not answered: what the client asks for it takes for done. */
  void storeSilently(int number, String modifier, char sign, String flag) {
    UnaryOperator<Set<String>> change =
        flags -> {
          var after = new TreeSet<>(flags);
          boolean changed = sign == '+' ? after.add(flag) : after.remove(flag);
          return changed ? after : flags;
        };
    if (kind == Kind.PLAIN) {
      var known = messages.get(number - 1);
      known.flags = known.flags.map(change);
    }
    say("STORE " + number + modifier + " " + sign + "FLAGS.SILENT (" + flag + ")");
    silently = Optional.of(change);
  }

  private void hear(String line) {
    heard.add(line);
    lines++;
    if (heard.size() > KEPT) {
      heard.remove();
      read = Math.max(0, read - 1);
    }
    modSeqs.hear(line);
    if (line.startsWith("t ")) {
      assertThat(line).as(() -> story()).doesNotStartWith("t BAD").doesNotContain("SERVERBUG");
      selecting = false;
      return;
    }
    var exists = EXISTS.matcher(line);
    var expunge = EXPUNGE.matcher(line);
    var fetch = FETCH.matcher(line);
    var vanished = VANISHED.matcher(line);
    if (exists.matches()) {
      grow(Integer.parseInt(exists.group(1)));
    } else if (expunge.matches()) {
      assertThat(kind).as(() -> story()).isNotEqualTo(Kind.QRESYNC);
      assertThat(NUMBERED).as(() -> "EXPUNGE amid " + story()).doesNotContain(verb);
      messages.remove(number(expunge.group(1)) - 1);
    } else if (fetch.matches()) {
      learn(messages.get(number(fetch.group(1)) - 1), fetch.group(2));
    } else if (vanished.matches()) {
      var uids = numbers(vanished.group(2));
      if (vanished.group(1) == null) {
        uids.stream().forEach(this::vanish);
      } else {
        vanishedEarlier(uids);
      }
    }
  }

  private static NumberSet numbers(String set) {
    try {
      return SetText.read(Arguments.of(set)).resolve(0);
    } catch (BadSyntax e) {
      throw new AssertionError(e);
    }
  }

  /** An expunge by UID moves the numbers of the messages behind it. */
  private void vanish(long uid) {
    assertThat(kind).as(() -> story()).isEqualTo(Kind.QRESYNC);
    assertThat(NUMBERED).as(() -> "VANISHED amid " + story()).doesNotContain(verb);
    int at = 0;
    for (int i = 0; i < messages.size(); i++) {
      at = messages.get(i).uid.orElse(Long.MAX_VALUE) <= uid ? i : at;
    }
    while (messages.get(at).uid.filter(it -> it < uid).isPresent()) {
      at++;
    }
    var removed = messages.remove(at);
    assertThat(removed.uid.orElse(uid)).as(() -> story()).isEqualTo(uid);
  }

  /** Expunges that the client may have missed while it was away: none that it counts. */
  private void vanishedEarlier(NumberSet uids) {
    assertThat(messages)
        .as(() -> uids + " in " + story())
        .noneMatch(known -> known.uid.filter(uids::contains).isPresent());
    kept.ifPresent(known -> uids.stream().forEach(known::remove));
  }

  private int number(String digits) {
    int number = Integer.parseInt(digits);
    assertThat(number).as(() -> story()).isBetween(1, messages.size());
    return number;
  }

  private void grow(int size) {
    assertThat(size).as(() -> "EXISTS shrinks: " + story()).isGreaterThanOrEqualTo(messages.size());
    while (messages.size() < size) {
      messages.add(new Known());
    }
  }

  private void learn(Known message, String data) {
    var uid = UID.matcher(data);
    if (uid.find()) {
      long sent = Long.parseLong(uid.group(1));
      assertThat(message.uid.orElse(sent)).as(() -> story()).isEqualTo(sent);
      message.uid = Optional.of(sent);
    }
    var flags = FLAGS.matcher(data);
    boolean modSeq = MODSEQ.matcher(data).find();
    if (kind != Kind.PLAIN && UNASKED.contains(verb)) {
      // RFC 7162 §3.2.4
      assertThat(modSeq && message.uid.isPresent()).as(() -> data + " in " + story()).isTrue();
    }
    if (flags.find()) {
      Set<String> shown =
          Arrays.stream(flags.group(1).split(" ", -1))
              .filter(flag -> !flag.isEmpty() && !flag.equals("\\Recent"))
              .collect(Collectors.toCollection(TreeSet::new));
      message.flags = Optional.of(shown);
      kept.ifPresent(known -> message.uid.ifPresent(it -> known.replace(it, shown)));
    } else if (modSeq && silently.isPresent()) {
      message.flags = message.flags.map(silently.get());
    }
  }

  /** What the client knows must be so; what it never asked for may be anything. */
  void agreesWith(List<Long> uids, List<Set<String>> flags) {
    assertThat(messages).as(() -> story()).hasSameSizeAs(uids);
    for (int i = 0; i < uids.size(); i++) {
      int number = i + 1;
      var known = messages.get(i);
      known.uid.ifPresent(
          uid ->
              assertThat(uid).as(() -> number + " in " + story()).isEqualTo(uids.get(number - 1)));
      known.flags.ifPresent(
          f -> assertThat(f).as(() -> number + " in " + story()).isEqualTo(flags.get(number - 1)));
    }
  }

  /** What the client heard since it was last asked. */
  List<String> news() {
    var news = heard.stream().skip(read).toList();
    read = heard.size();
    return news;
  }

  String story() {
    return String.join("\n", heard);
  }
}
