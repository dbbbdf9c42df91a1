package io.postern.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.embedded.OwnRedis;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two packaged replicas are restarted one after the other under their clients. No command fails
 * with anything but a BYE between two commands, everybody is taken in elsewhere at the first try
 * and in the time over which they leave, and no message is lost or there twice.
 */
@Timeout(900)
class RollingRestartIT {
  private static final int IDLE_PER_USER = 10;

  @TempDir Path directory;

  @Test
  void aHundredWhoIdleAndEightWhoWork() throws Exception {
    play(100, 8, "PT5S");
  }

  @Test
  @Tag("clients")
  void twoThousandWhoIdleAndFiftyWhoWork() throws Exception {
    play(2_000, 50, "PT30S");
  }

  private void play(int idle, int busy, String spread) throws Exception {
    var settings =
        Map.of(
            "mail.demo.bulk-accounts",
            Integer.toString(idle / IDLE_PER_USER + busy),
            "mail.drain.spread",
            spread,
            "mail.drain.last-command",
            "PT60S");
    try (var redis = new OwnRedis(directory);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = Packaged.launch(redis, settings);
      var second = Packaged.launch(redis, settings);
      var clients = new Restless();
      clients.ready(List.of(first.imap(), second.imap()));
      var work = sent(clients, threads, idle, busy);
      allIdle(clients, idle);

      var third = replaced(redis, settings, clients, first, second);
      var fourth = replaced(redis, settings, clients, second, third);
      // At the end all were at the second.
      assertThat(clients.farewells.get()).isGreaterThanOrEqualTo(idle);

      clients.end();
      for (var worker : work.entrySet()) {
        var user = worker.getKey();
        int acknowledged = worker.getValue().get(300, SECONDS);
        var expected = IntStream.range(0, acknowledged).mapToObj(n -> user + " " + n).toList();
        assertThat(Restless.subjects(third.imap(), user)).containsExactlyElementsOf(expected);
      }
      third.close();
      fourth.close();
      System.out.println(clients.summary());
      assertThat(clients.faults).isEmpty();
    }
  }

  /** Sends the clients; returns when all who work have begun. */
  private static Map<String, Future<Integer>> sent(
      Restless clients, ExecutorService threads, int idle, int busy) throws Exception {
    for (int i = 0; i < idle; i++) {
      var user = user(i / IDLE_PER_USER);
      threads.execute(() -> clients.idle(user));
    }
    var begun = new CountDownLatch(busy);
    var work = new HashMap<String, Future<Integer>>();
    for (int i = 0; i < busy; i++) {
      var user = user(idle / IDLE_PER_USER + i);
      work.put(user, threads.submit(() -> clients.work(user, begun)));
    }
    assertThat(begun.await(300, SECONDS)).isTrue();
    return work;
  }

  /** As a rollout does: the load balancer forgets it, it is asked to end, another comes. */
  private static Packaged replaced(
      OwnRedis redis, Map<String, String> settings, Restless clients, Packaged old, Packaged other)
      throws Exception {
    int idle = clients.idling.get();
    clients.moves.clear();
    clients.sentAway.set(0);
    clients.ready(List.of(other.imap()));
    long began = System.nanoTime();
    old.end();
    assertThat(old.process().onExit().get(180, SECONDS).exitValue()).isEqualTo(128 + 15);
    long ended = System.nanoTime();
    allIdle(clients, idle);
    var moves = new ArrayList<>(clients.moves);
    assertThat(moves).hasSize(clients.sentAway.get());
    backInTime(moves, began, ended);
    var next = Packaged.launch(redis, settings);
    clients.ready(List.of(other.imap(), next.imap()));
    return next;
  }

  /**
   * The time over which they leave is the server's, and ends with it: by then all were back but
   * those, at most, that it took leave of last. And they had not left all at once.
   */
  private static void backInTime(List<Restless.Move> moves, long began, long ended) {
    moves.sort(Comparator.comparingLong(Restless.Move::bye));
    var all = moves.size();
    assertThat(all).isPositive();
    long last = moves.stream().mapToLong(Restless.Move::back).max().orElseThrow();
    long slowest = moves.stream().mapToLong(it -> it.back() - it.bye()).max().orElseThrow();
    long inTime = moves.stream().filter(it -> it.back() < ended).count();
    System.out.printf(
        "%d moved; the last was back %d ms after the first BYE, the slowest %d ms after its own;"
            + " %d were back when the old server had gone, after %d ms%n",
        all, millis(last - moves.getFirst().bye()), millis(slowest), inTime, millis(ended - began));
    assertThat(moves.subList(0, all - all / 10)).allMatch(it -> it.back() < ended);
    long firstBack = moves.stream().mapToLong(Restless.Move::back).min().orElseThrow();
    assertThat(moves.subList(all / 2, all)).allMatch(it -> it.bye() > firstBack);
  }

  private static long millis(long nanos) {
    return nanos / 1_000_000;
  }

  private static void allIdle(Restless clients, int idle) throws InterruptedException {
    while (clients.idling.get() < idle) {
      assertThat(clients.counts.poll(300, SECONDS))
          .as(() -> clients.idling.get() + " idle; " + clients.faults)
          .isNotNull();
    }
  }

  private static String user(int number) {
    return "u" + number + "@example.test";
  }
}
