package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.imap.session.ImapProtocol;
import io.postern.wire.Protocol;
import io.postern.wire.Request;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A client whose view consists of the responses of the server only. */
final class ModelClient {
  private static final Pattern EXISTS = Pattern.compile("\\* (\\d+) EXISTS");
  private static final Pattern EXPUNGE = Pattern.compile("\\* (\\d+) EXPUNGE");
  private static final Pattern FETCH = Pattern.compile("\\* (\\d+) FETCH \\((.*)\\)");
  private static final Pattern UID = Pattern.compile("\\bUID (\\d+)");
  private static final Pattern FLAGS = Pattern.compile("FLAGS \\(([^)]*)\\)");

  /** While these run, no number may move (RFC 3501 §7.4.1). */
  private static final Set<String> NUMBERED = Set.of("FETCH", "STORE", "SEARCH");

  private static final int KEPT = 200;

  /** What the client knows of a message. */
  private static final class Known {
    Optional<Long> uid = Optional.empty();
    Optional<Set<String>> flags = Optional.empty();
  }

  private final QuietConnection connection;
  private final Protocol.Session session;
  private final List<Known> messages = new ArrayList<>();
  private final Deque<String> heard = new ArrayDeque<>();
  private String selected = "";
  private String verb = "";
  private boolean running;
  private int read;
  private int lines;

  ModelClient(RandomScheduler scheduler, ImapProtocol protocol) {
    this.connection = new QuietConnection(scheduler, this::hear);
    this.session = protocol.open(connection);
    session.opened();
    say("ENTER");
    scheduler.settle();
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
    say("SELECT " + mailbox);
    selected = mailbox;
  }

  /** Gives a command; its answers come as chance has it. */
  void say(String command) {
    assertThat(running).isFalse();
    running = true;
    verb = command.split(" ", 2)[0];
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
  void storeSilently(int number, char sign, String flag) {
    var known = messages.get(number - 1);
    known.flags =
        known.flags.map(
            flags -> {
              var after = new TreeSet<>(flags);
              boolean changed = sign == '+' ? after.add(flag) : after.remove(flag);
              return changed ? after : flags;
            });
    say("STORE " + number + " " + sign + "FLAGS.SILENT (" + flag + ")");
  }

  private void hear(String line) {
    heard.add(line);
    lines++;
    if (heard.size() > KEPT) {
      heard.remove();
      read = Math.max(0, read - 1);
    }
    if (line.startsWith("t ")) {
      assertThat(line).as(() -> story()).doesNotStartWith("t BAD").doesNotContain("SERVERBUG");
      return;
    }
    var exists = EXISTS.matcher(line);
    var expunge = EXPUNGE.matcher(line);
    var fetch = FETCH.matcher(line);
    if (exists.matches()) {
      grow(Integer.parseInt(exists.group(1)));
    } else if (expunge.matches()) {
      assertThat(NUMBERED).as(() -> "EXPUNGE amid " + story()).doesNotContain(verb);
      messages.remove(number(expunge.group(1)) - 1);
    } else if (fetch.matches()) {
      learn(messages.get(number(fetch.group(1)) - 1), fetch.group(2));
    }
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
    if (flags.find()) {
      message.flags =
          Optional.of(
              Arrays.stream(flags.group(1).split(" ", -1))
                  .filter(flag -> !flag.isEmpty() && !flag.equals("\\Recent"))
                  .collect(Collectors.toCollection(TreeSet::new)));
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
