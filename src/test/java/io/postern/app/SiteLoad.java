package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * Clients of one INBOX that read, append, flag and expunge, and an MTA that delivers, at several
 * nodes in turn. What was acknowledged is recorded; a change without an answer is not repeated, and
 * may have happened or not.
 */
final class SiteLoad implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int COMMANDS = 30;

  /** How many messages are appended at once (RFC 3502). */
  private static final int FEW = 50;

  private static final Pattern APPENDED = Pattern.compile("t OK \\[APPENDUID (\\d+) (\\d+)].*");
  private static final Pattern FETCHED =
      Pattern.compile("\\* \\d+ FETCH \\(UID (\\d+) FLAGS \\(([^)]*)\\).*");

  private final TwoSites sites;
  private final String user;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger names = new AtomicInteger();
  private volatile boolean over;

  /** The subjects of messages that must be there, by their UIDs. */
  private final ConcurrentSkipListMap<Long, String> appended = new ConcurrentSkipListMap<>();

  private final Set<String> delivered = ConcurrentHashMap.newKeySet();
  private final Map<Long, Set<String>> flagged = new ConcurrentHashMap<>();
  private final Set<Long> gone = ConcurrentHashMap.newKeySet();

  /** Messages, by subject or UID, whose change has had no answer. */
  private final Set<Object> unknown = ConcurrentHashMap.newKeySet();

  private final Set<String> validities = ConcurrentHashMap.newKeySet();

  /** Changes that were acknowledged. */
  private final AtomicInteger done = new AtomicInteger();

  private final AtomicInteger refused = new AtomicInteger();

  /** What no client may see. */
  private final List<String> wrong = new CopyOnWriteArrayList<>();

  SiteLoad(TwoSites sites, String user) {
    this.sites = sites;
    this.user = user;
  }

  /** Puts messages there before. */
  void fill(String node, int messages) throws IOException {
    try (var peer = loggedIn(node)) {
      for (int left = messages; left > 0; left -= FEW) {
        int some = Math.min(FEW, left);
        var command = new StringBuilder("APPEND INBOX");
        for (int i = 0; i < some; i++) {
          var text = text(name("before"));
          command.append(" {").append(text.length()).append("+}\r\n").append(text);
        }
        peer.command(command.toString());
      }
      for (var there : messages(peer).entrySet()) {
        appended.put(there.getKey(), there.getValue().subject());
      }
      assertThat(appended).hasSize(messages);
    }
  }

  /** Starts a client by IMAP at these nodes in turn. */
  void client(String keyword, SplittableRandom random, String... nodes) {
    start(nodes, node -> work(node, keyword, random));
  }

  /** Starts an MTA. */
  void mta(String... nodes) {
    start(nodes, this::deliver);
  }

  private interface Visit {
    void at(String node) throws IOException, Leaves;
  }

  /** The client ends its session: its command was refused, or the server has said BYE. */
  private static final class Leaves extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private void start(String[] nodes, Visit visit) {
    threads.add(
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 0; !over; i++) {
                    visit(visit, nodes[i % nodes.length]);
                  }
                }));
  }

  private void visit(Visit visit, String node) {
    try {
      visit.at(node);
    } catch (IOException | NullPointerException | Leaves gone) {
      // The node was killed, is away, or refuses: the next one may be better off.
      refused.incrementAndGet();
      LockSupport.parkNanos(PAUSE.toNanos());
    } catch (RuntimeException | AssertionError e) {
      wrong.add(e.toString());
    }
  }

  private String name(String by) {
    return by + "-" + names.incrementAndGet();
  }

  private static String text(String subject) {
    return "Subject: " + subject + "\r\n\r\n" + subject + "\r\n";
  }

  private Peer loggedIn(String node) throws IOException {
    var peer = new Peer(sites.node(node).server().imap());
    // Several servers work on few processors.
    peer.patience(60_000);
    peer.line();
    peer.command("LOGIN " + user + " secret-secret");
    return peer;
  }

  private boolean enters(String node) throws IOException {
    try (var peer = new Peer(sites.node(node).server().imap())) {
      peer.patience(60_000);
      peer.line();
      answer(peer, "LOGIN " + user + " secret-secret");
      return true;
    } catch (Leaves _) {
      // The home may have to be read again.
      return false;
    }
  }

  private void work(String node, String keyword, SplittableRandom random)
      throws IOException, Leaves {
    try (var peer = new Peer(sites.node(node).server().imap())) {
      peer.patience(60_000);
      peer.line();
      answer(peer, "LOGIN " + user + " secret-secret");
      peer.send("t SELECT INBOX");
      validities.add(heard(peer, "* OK [UIDVALIDITY ").replaceAll("\\D", ""));
      heard(peer, "t OK");
      for (int i = 0; i < COMMANDS && !over; i++) {
        // Messages that were delivered are never expunged: their UIDs are not known here.
        switch (appended.isEmpty() ? 0 : random.nextInt(4)) {
          case 0 -> append(peer, name(keyword));
          case 1 -> flag(peer, some(random), keyword);
          case 2 -> expunge(peer, some(random));
          default -> answer(peer, "UID FETCH " + some(random) + " BODY.PEEK[]");
        }
      }
      answer(peer, "LOGOUT");
    }
  }

  private long some(SplittableRandom random) {
    return appended.ceilingKey(random.nextLong(1, appended.lastKey() + 1));
  }

  private String answer(Peer peer, String command) throws IOException, Leaves {
    peer.send("t " + command);
    var line = heard(peer, "t ");
    if (!line.startsWith("t OK")) {
      if (!line.startsWith("t NO [UNAVAILABLE]")) {
        wrong.add(command + ": " + line);
      }
      throw new Leaves();
    }
    return line;
  }

  private static String heard(Peer peer, String beginning) throws IOException, Leaves {
    while (true) {
      var line = peer.line();
      if (line.startsWith(beginning)) {
        return line;
      }
      if (line.startsWith("* BYE ") || line.startsWith("t ")) {
        throw new Leaves();
      }
    }
  }

  private void append(Peer peer, String name) throws IOException, Leaves {
    var text = text(name);
    unknown.add(name);
    var line = answer(peer, "APPEND INBOX {" + text.length() + "+}\r\n" + text);
    var form = APPENDED.matcher(line);
    if (form.matches()) {
      appended.put(Long.parseLong(form.group(2)), name);
    } else {
      wrong.add(line);
    }
    unknown.remove(name);
    done.incrementAndGet();
  }

  /** To a session, a message that another client has just appended exists from the next NOOP on. */
  private void flag(Peer peer, long uid, String keyword) throws IOException, Leaves {
    answer(peer, "NOOP");
    answer(peer, "UID STORE " + uid + " +FLAGS.SILENT (" + keyword + ")");
    flagged.computeIfAbsent(uid, _ -> ConcurrentHashMap.newKeySet()).add(keyword);
    done.incrementAndGet();
  }

  private void expunge(Peer peer, long uid) throws IOException, Leaves {
    unknown.add(uid);
    answer(peer, "NOOP");
    answer(peer, "UID STORE " + uid + " +FLAGS.SILENT (\\Deleted)");
    answer(peer, "UID EXPUNGE " + uid);
    gone.add(uid);
    done.incrementAndGet();
  }

  private void deliver(String node) throws IOException, Leaves {
    try (var lmtp = new Peer(sites.node(node).server().lmtp())) {
      lmtp.patience(60_000);
      lmtp.line();
      accepted(lmtp.say("LHLO mta.example.test"));
      for (int i = 0; i < COMMANDS && !over; i++) {
        var name = name("delivered");
        accepted(lmtp.say("MAIL FROM:<sender@example.test>"));
        accepted(lmtp.say("RCPT TO:<" + user + ">"));
        ready(lmtp.say("DATA").getLast());
        unknown.add(name);
        accepted(lmtp.say(text(name) + "."));
        delivered.add(name);
        unknown.remove(name);
        done.incrementAndGet();
        LockSupport.parkNanos(PAUSE.toNanos());
      }
      lmtp.say("QUIT");
    }
  }

  /** A reply that tells it to try later is one; there must be no 5xx reply. */
  private void accepted(List<String> reply) throws Leaves {
    var line = reply.getLast();
    if (!line.startsWith("2")) {
      if (!line.startsWith("4")) {
        wrong.add(line);
      }
      throw new Leaves();
    }
  }

  private void ready(String reply) throws Leaves {
    if (!reply.startsWith("354 ")) {
      accepted(List.of(reply));
      throw new Leaves();
    }
  }

  private record There(String subject, Set<String> flags) {}

  private static Map<Long, There> messages(Peer peer) throws IOException {
    var all = new HashMap<Long, There>();
    peer.command("SELECT INBOX");
    peer.send("t UID FETCH 1:* (UID FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])");
    for (var line = peer.line(); !line.startsWith("t "); line = peer.line()) {
      var form = FETCHED.matcher(line);
      if (form.matches()) {
        var subject = peer.until("Subject: ").substring("Subject: ".length());
        all.put(
            Long.parseLong(form.group(1)), new There(subject, Set.of(form.group(2).split(" "))));
      }
    }
    return all;
  }

  /** Returns when as many changes more were acknowledged. */
  void goesOn(int changes) {
    int before = done.get();
    while (done.get() < before + changes) {
      assertThat(wrong).isEmpty();
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Ends the clients; then all that was acknowledged is there, once. */
  void assertAllIsThere(String node) throws Exception {
    over = true;
    for (var thread : threads) {
      thread.join();
    }
    assertThat(wrong).isEmpty();
    assertThat(validities).hasSizeLessThanOrEqualTo(1);
    Map<Long, There> there;
    HotStage.eventually("the user enters at " + node, () -> enters(node));
    try (var peer = loggedIn(node)) {
      there = messages(peer);
    }
    var subjects = there.values().stream().map(There::subject).toList();
    assertThat(subjects).doesNotHaveDuplicates();
    assertThat(there.keySet()).doesNotContainAnyElementsOf(gone);
    appended.forEach(
        (uid, subject) -> {
          var message = there.get(uid);
          if (message != null) {
            assertThat(message.subject()).as("subject of %d", uid).isEqualTo(subject);
            assertThat(message.flags()).containsAll(flagged.getOrDefault(uid, Set.of()));
          } else {
            assertThat(gone.contains(uid) || unknown.contains(uid)).as("%d is lost", uid).isTrue();
          }
        });
    assertThat(subjects).containsAll(delivered);
    var expected = new HashSet<Object>(appended.values());
    expected.addAll(delivered);
    expected.addAll(unknown);
    assertThat(expected).containsAll(subjects);
  }

  @Override
  public String toString() {
    return "%s: %d appended or there before, %d delivered, %d flagged, %d expunged, %d refused or broken"
        .formatted(
            user, appended.size(), delivered.size(), flagged.size(), gone.size(), refused.get());
  }

  @Override
  public void close() {
    over = true;
  }
}
