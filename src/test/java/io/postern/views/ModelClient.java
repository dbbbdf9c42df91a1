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
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** A client whose view consists of the responses of the server only. */
final class ModelClient {
  private static final Pattern EXISTS = Pattern.compile("\\* (\\d+) EXISTS");
  private static final Pattern EXPUNGE = Pattern.compile("\\* (\\d+) EXPUNGE");
  private static final Pattern FETCH = Pattern.compile("\\* (\\d+) FETCH \\((.*)\\)");
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
    QRESYNC,
    /** Asks by NOTIFY for all events of all mailboxes, and uses no sequence numbers. */
    NOTIFIED;

    /** Whether it keeps mod-sequences. */
    boolean keepsModSeqs() {
      return this == CONDSTORE || this == QRESYNC;
    }
  }

  private static final String NOTIFY =
      "NOTIFY SET STATUS (selected (MessageNew (UID FLAGS) MessageExpunge FlagChange))"
          + " (personal (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange))";

  private final RandomScheduler scheduler;
  private final ImapProtocol protocol;
  private final Kind kind;
  private final ModSeqs modSeqs = new ModSeqs();
  private final KnownKeywords keywords = new KnownKeywords();
  private final HeardOfMailboxes others = new HeardOfMailboxes();
  private QuietConnection connection;
  private Protocol.Session session;
  private final KnownMessages messages = new KnownMessages(this::story);
  private final Deque<String> heard = new ArrayDeque<>();
  private String selected = "";

  /** The mailbox of the messages, until the client hears that it is closed. */
  private String left = "";

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
    if (kind.keepsModSeqs()) {
      say("ENABLE " + kind);
      scheduler.settle();
    } else if (kind == Kind.NOTIFIED) {
      if (scheduler.oneIn(2)) {
        others.keepModSeqs();
        say("ENABLE CONDSTORE");
        scheduler.settle();
      }
      say("LIST \"\" * RETURN (SUBSCRIBED)");
      scheduler.settle();
      say(NOTIFY);
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
    var known = messages.byUid();
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
    left = selected;
    selected = "";
    if (kind != Kind.NOTIFIED) {
      leave();
    }
    selecting = true;
    say("SELECT " + mailbox);
    selected = mailbox;
  }

  /** A client that hears of changes without a command hears of the old mailbox up to CLOSED. */
  private void leave() {
    if (!left.isEmpty()) {
      others.left(left, messages.size());
      left = "";
    }
    messages.clear();
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
      messages.change(number, change);
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
    keywords.hear(line, this::story);
    if (kind == Kind.NOTIFIED) {
      others.hear(line);
    }
    if (line.startsWith("* OK [CLOSED]")) {
      leave();
    }
    if (line.startsWith("t ")) {
      assertThat(line).as(() -> story()).doesNotStartWith("t BAD").doesNotContain("SERVERBUG");
      selecting = false;
      // Only a client that asked for it hears of changes while no command runs.
      verb = kind == Kind.NOTIFIED ? "" : verb;
      return;
    }
    hearOfMessages(line);
  }

  private void hearOfMessages(String line) {
    var exists = EXISTS.matcher(line);
    var expunge = EXPUNGE.matcher(line);
    var fetch = FETCH.matcher(line);
    var vanished = VANISHED.matcher(line);
    if (exists.matches()) {
      messages.grow(Integer.parseInt(exists.group(1)));
    } else if (expunge.matches()) {
      assertThat(kind).as(() -> story()).isNotEqualTo(Kind.QRESYNC);
      assertThat(NUMBERED).as(() -> "EXPUNGE amid " + story()).doesNotContain(verb);
      messages.remove(Integer.parseInt(expunge.group(1)));
    } else if (fetch.matches()) {
      // RFC 7162 §3.2.4
      boolean withModSeq = kind.keepsModSeqs() && UNASKED.contains(verb);
      messages
          .learn(Integer.parseInt(fetch.group(1)), fetch.group(2), withModSeq, silently)
          .ifPresent(it -> kept.ifPresent(known -> known.replace(it.uid(), it.flags())));
    } else if (vanished.matches()) {
      var uids = numbers(vanished.group(2));
      if (vanished.group(1) == null) {
        assertThat(kind).as(() -> story()).isEqualTo(Kind.QRESYNC);
        assertThat(NUMBERED).as(() -> "VANISHED amid " + story()).doesNotContain(verb);
        uids.stream().forEach(messages::vanish);
      } else {
        messages.countNone(uids);
        kept.ifPresent(known -> uids.stream().forEach(known::remove));
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

  /** What the client knows must be so; what it never asked for may be anything. */
  void agreesWith(List<Long> uids, List<Set<String>> flags) {
    messages.agreesWith(uids, flags);
  }

  /** What it has heard of all mailboxes must be so. */
  void agreesWith(TestNodes setup) {
    others.agreesWith(setup.names(), setup.subscriptions(), setup.states(), selected, this::story);
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
