package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Redis stops while one packaged server changes a mailbox that idle clients on another have
 * selected: each client gets every change once.
 */
@Timeout(300)
class OutageIT {
  private static final int IDLERS = 20;

  /** Longer than the test, so that no session polls. */
  private static final String NEVER = "PT29M";

  private static final AtomicInteger MAILBOXES = new AtomicInteger();

  @TempDir Path directory;

  /** The database is the same for all tests. */
  private final String mailbox = "LoadClients" + MAILBOXES.incrementAndGet();

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  /** The changes of the mailbox so far, or those that were sent to a client. */
  private record Count(int appended, int expunged) {
    static final Count NONE = new Count(0, 0);

    boolean reaches(Count other) {
      return appended >= other.appended && expunged >= other.expunged;
    }
  }

  /** A client that changes the mailbox without pause. */
  private final class Writer {
    private final Peer peer;
    private Count count = Count.NONE;

    /** So many may go: all know them. */
    private int stock;

    Writer(TwoServers servers) throws IOException {
      peer = servers.here().client();
      peer.command("CREATE " + mailbox);
      peer.command("SELECT " + mailbox);
    }

    /** All clients got all changes. */
    void allKnow() {
      stock = count.appended;
    }

    /** Takes the oldest message away, of those that all know, or adds one. */
    Count change() throws IOException {
      if (count.expunged < Math.min(stock, count.appended / 2)) {
        peer.command("STORE 1 +FLAGS.SILENT (\\Deleted)");
        peer.command("EXPUNGE");
        count = new Count(count.appended, count.expunged + 1);
      } else {
        peer.append(mailbox);
        count = new Count(count.appended + 1, count.expunged);
      }
      return count;
    }

    Count change(int times) throws IOException {
      for (int i = 0; i < times; i++) {
        change();
      }
      return count;
    }
  }

  /** An idle client that records its updates. */
  private final class Idler {
    private final Peer peer;
    private Count updates = Count.NONE;
    private int size;

    Idler(TwoServers servers) throws IOException {
      peer = servers.there().client();
      peer.command("SELECT " + mailbox);
      peer.send("i IDLE");
      peer.until("+ ");
    }

    void hearUpTo(Count count) throws IOException {
      while (!updates.reaches(count)) {
        hear(peer.until("* "));
      }
    }

    private void hear(String line) {
      var words = line.split(" ", 4);
      if (words.length == 3 && words[2].equals("EXISTS")) {
        int exists = Integer.parseInt(words[1]);
        assertThat(exists).as("sent twice: " + line).isGreaterThan(size);
        updates = new Count(updates.appended + exists - size, updates.expunged);
        size = exists;
      } else if (words.length == 3 && words[2].equals("EXPUNGE")) {
        updates = new Count(updates.appended, updates.expunged + 1);
        size--;
      }
    }

    /** Ends and returns all updates. */
    Count done() throws IOException {
      peer.send("DONE");
      for (var line = peer.line(); !line.startsWith("i OK"); line = peer.line()) {
        hear(line);
      }
      return updates;
    }
  }

  private TwoServers servers(String poll) throws Exception {
    return TwoServers.start(
        directory,
        Map.of(
            "mail.push.poll-interval",
            poll,
            "mail.imap.idle-heartbeat",
            NEVER,
            "mail.imap.max-connections-per-user",
            "64"));
  }

  private List<Idler> idlers(TwoServers servers) throws IOException {
    var idlers = new ArrayList<Idler>();
    for (int i = 0; i < IDLERS; i++) {
      idlers.add(new Idler(servers));
    }
    return idlers;
  }

  /** Each idler hears all that had happened by then; answers when each had, by nanoTime. */
  private List<Future<Long>> hearing(List<Idler> idlers, Count count) {
    return idlers.stream()
        .map(
            idler ->
                threads.submit(
                    () -> {
                      idler.hearUpTo(count);
                      return System.nanoTime();
                    }))
        .toList();
  }

  private static void allToldOnce(List<Idler> idlers, Count count) throws IOException {
    for (var idler : idlers) {
      idler.hearUpTo(count);
      assertThat(idler.done()).isEqualTo(count);
    }
  }

  /** Changes that come while Redis is away; the outage lasts as long as this does. */
  private interface Meanwhile {
    Count changes(Writer writer) throws IOException;
  }

  /** Stops Redis under load; answers how long after its return the last idler knew all. */
  private Duration outage(Meanwhile meanwhile) throws Exception {
    try (var servers = servers(NEVER)) {
      var writer = new Writer(servers);
      var idlers = idlers(servers);
      for (var heard : hearing(idlers, writer.change(40))) {
        heard.get();
      }
      writer.allKnow();
      servers.redis().stop();
      var away = meanwhile.changes(writer);
      servers.redis().start();
      long back = System.nanoTime();
      var hearing = hearing(idlers, away);
      var enough = new AtomicBoolean();
      var begun = new CountDownLatch(1);
      var last =
          threads.submit(
              () -> {
                var count = writer.change();
                begun.countDown();
                while (!enough.get()) {
                  count = writer.change();
                }
                return count;
              });
      begun.await();
      long latest = back;
      for (var heard : hearing) {
        latest = Math.max(latest, heard.get());
      }
      enough.set(true);
      allToldOnce(idlers, last.get());
      return Duration.ofNanos(latest - back);
    }
  }

  @Test
  void changesDuringAnOutageOfRedisAreSentAfterIt() throws Exception {
    assertThat(outage(writer -> writer.change(200))).isPositive();
  }

  /** The time is what this one is about. */
  @Test
  @Tag("clients")
  void afterAnOutageOfHalfAMinuteAllChangesAreSentWithinTwoSeconds() throws Exception {
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    var late =
        outage(
            writer -> {
              var count = writer.change();
              while (System.nanoTime() < until) {
                count = writer.change();
              }
              return count;
            });
    System.out.println(
        "All changes were sent " + late.toMillis() + " ms after the return of Redis");
    assertThat(late).isLessThanOrEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void withoutRedisAllChangesAreSentByThePoll() throws Exception {
    try (var servers = servers("PT10S")) {
      var writer = new Writer(servers);
      var idlers = idlers(servers);
      servers.redis().stop();
      allToldOnce(idlers, writer.change(100));
    }
  }
}
