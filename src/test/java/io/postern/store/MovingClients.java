package io.postern.store;

import static io.postern.store.MoveSides.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Home;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.MessageColumns;
import io.postern.store.MoveSides.Account;
import io.postern.store.MoveSides.Side;
import io.postern.store.index.MailboxIndex;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that read, append, flag and expunge messages of a mailbox at its home, wherever that is,
 * and record what was acknowledged. A change that was refused must not have happened.
 */
final class MovingClients implements AutoCloseable {
  private static final int CLIENTS = 3;
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final MoveSides sides;
  private final Account account;
  private final MailboxKey inbox;
  private final MailboxIndex before;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> running = new ArrayList<>();
  private final AtomicInteger names = new AtomicInteger();
  private volatile boolean over;

  /** The mod-sequence of the last change of each message. */
  private final Map<Long, Long> modSeqs = new ConcurrentHashMap<>();

  /** The texts of messages that were appended. */
  private final Map<Long, String> texts = new ConcurrentHashMap<>();

  /** The keywords that messages were given. */
  private final Map<Long, Set<String>> keywords = new ConcurrentHashMap<>();

  private final Set<Long> gone = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refused = new AtomicInteger();

  /** Starts them. */
  MovingClients(MoveSides sides, Account account, SplittableRandom random) {
    this.sides = sides;
    this.account = account;
    this.inbox = account.inbox();
    this.before = await(sides.east.indexes.current(inbox));
    for (int at = 0; at < before.size(); at++) {
      modSeqs.put(before.uid(at), before.modSeqAt(at));
    }
    for (int client = 0; client < CLIENTS; client++) {
      var own = random.split();
      var keyword = "client" + client;
      running.add(threads.submit(() -> work(keyword, own)));
    }
  }

  private Home home() {
    return await(sides.directory.find(account.name())).orElseThrow().home();
  }

  private Side side(Home home) {
    return home.site().equals(sides.east.site) ? sides.east : sides.west;
  }

  private void work(String keyword, SplittableRandom random) {
    long uidNext = before.uidNext();
    while (!over) {
      var home = home();
      try {
        uidNext = step(home, keyword, random, uidNext);
      } catch (StoreException e) {
        boolean frozen = e.failure() instanceof StoreFailure.Unavailable;
        // An old copy is removed before the account moves back.
        boolean old = e.failure() instanceof StoreFailure.MailboxGone && !home.equals(home());
        assertThat(frozen || old).as(e.toString()).isTrue();
        refused.incrementAndGet();
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  /** Makes one change, or reads; the UIDNEXT that the client knows of then. */
  private long step(Home home, String keyword, SplittableRandom random, long uidNext) {
    var messages = side(home).messages;
    long from = random.nextLong(1, uidNext);
    switch (random.nextInt(4)) {
      case 0 -> {
        var text = "message " + names.incrementAndGet() + " of " + keyword;
        var added = await(messages.append(inbox, List.of(SampleMessages.message(text)))).changed();
        texts.put(added.uid(0), text);
        record(added);
        return added.uid(0) + 1;
      }
      case 1 -> {
        var update = new FlagsUpdate(Mode.ADD, Flags.of(List.of(), List.of(keyword)));
        var some = NumberSet.range(from, from + 5);
        var changed = await(messages.storeFlags(inbox, some, update)).changed();
        for (int at = 0; at < changed.size(); at++) {
          keywords
              .computeIfAbsent(changed.uid(at), _ -> ConcurrentHashMap.newKeySet())
              .add(keyword);
        }
        record(changed);
      }
      case 2 ->
          await(messages.remove(inbox, NumberSet.of(from))).gone().stream().forEach(gone::add);
      default -> read(home, uidNext);
    }
    return uidNext;
  }

  private void record(MessageColumns changed) {
    for (int at = 0; at < changed.size(); at++) {
      modSeqs.merge(changed.uid(at), changed.modSeqs()[at], Math::max);
    }
  }

  /** What was acknowledged to the client before is there. */
  private void read(Home home, long uidNext) {
    var index = await(side(home).indexes.current(inbox));
    // What is read of the old copy is not shown: its sessions have been ended.
    if (home.equals(home())) {
      assertThat(index.uidNext()).isGreaterThanOrEqualTo(uidNext);
      assertThat(index.uidValidity()).isEqualTo(before.uidValidity());
    }
  }

  /** Ends them; fails if one of them has seen what it must not. */
  void end() throws Exception {
    over = true;
    for (var each : running) {
      each.get(120, TimeUnit.SECONDS);
    }
  }

  /** The mailbox at its home is what was acknowledged: nothing is lost, double, or other. */
  void assertAllIsThere() throws SQLException {
    var at = side(home());
    var index = await(at.indexes.current(inbox));
    assertThat(index.uidValidity()).isEqualTo(before.uidValidity());
    var expected = new TreeSet<>(modSeqs.keySet());
    expected.removeAll(gone);
    var uids = new TreeSet<Long>();
    var octets = octets(at);
    for (int i = 0; i < index.size(); i++) {
      long uid = index.uid(i);
      assertThat(uids.add(uid)).as("UID %d is there once", uid).isTrue();
      assertThat(index.modSeqAt(i)).as("mod-sequence of %d", uid).isEqualTo(modSeqs.get(uid));
      for (var keyword : keywords.getOrDefault(uid, Set.of())) {
        long bit = 1L << index.keywords().bitOf(keyword).orElseThrow();
        assertThat(index.flags(i) & bit).as("%s of %d", keyword, uid).isEqualTo(bit);
      }
      assertThat(octets.get(index.contentAt(i).value()))
          .as("octets of %d", uid)
          .contains(texts.getOrDefault(uid, "\r\n") + "\r\n");
    }
    assertThat(uids).isEqualTo(expected);
    assertThat(index.uidNext()).isGreaterThan(expected.last());
  }

  /** The first octets of all contents. */
  private Map<Long, String> octets(Side at) throws SQLException {
    var all = new HashMap<Long, String>();
    var sql =
        "SELECT c.id, b.bytes FROM content c JOIN blob_chunk b ON b.blob = c.blob AND b.n = 0"
            + " WHERE c.account = "
            + account.id().value();
    try (var statement = at.postgres.jdbc().createStatement();
        var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        all.put(rows.getLong(1), new String(rows.getBytes(2), UTF_8));
      }
    }
    return all;
  }

  @Override
  public String toString() {
    return "%d appended, %d flagged, %d expunged, %d refused"
        .formatted(texts.size(), keywords.size(), gone.size(), refused.get());
  }

  @Override
  public void close() {
    over = true;
    threads.close();
  }
}
