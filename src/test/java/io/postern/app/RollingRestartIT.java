package io.postern.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.embedded.OwnRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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

  /** Those before are the hot keys', and from a thousand on they are the scripts'. */
  private static final int FIRST_USER = HotStage.USERS;

  @TempDir Path directory;

  @Test
  void aHundredWhoIdleAndEightWhoWork() throws Exception {
    play(100, 8, Duration.ofSeconds(5), 0.5);
  }

  @Test
  @Tag("clients")
  void twoThousandWhoIdleAndFiftyWhoWork() throws Exception {
    play(2_000, 50, Duration.ofSeconds(30), 0.9);
  }

  /**
   * Plays it.
   *
   * @param inTime which part of the idle has to be back when the time is over that they leave in:
   *     on a machine with other work all take longer
   */
  private void play(int idle, int busy, Duration spread, double inTime) throws Exception {
    var settings =
        Map.of(
            "mail.demo.bulk-accounts",
            Integer.toString(FIRST_USER + idle / IDLE_PER_USER + busy),
            "mail.drain.spread",
            spread.toString(),
            "mail.drain.last-command",
            "PT60S",
            // All clients of this test have one address; those that move log in at about one time.
            "mail.imap.max-pre-authenticated-connections-from-single-ip",
            Integer.toString(2 * (idle + busy)));
    try (var redis = new OwnRedis(directory);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        var servers = new Servers(redis, settings)) {
      var first = servers.launch();
      var second = servers.launch();
      var clients = servers.clients();
      clients.ready(List.of(first.imap(), second.imap()));
      var work = sent(clients, threads, idle, busy);
      allIdle(servers, idle);

      var third = replaced(servers, first, second, spread, inTime);
      replaced(servers, second, third, spread, inTime);
      // At the end all were at the second.
      assertThat(clients.farewells.get()).isGreaterThanOrEqualTo(idle);

      clients.end();
      for (var worker : work.entrySet()) {
        var user = worker.getKey();
        int acknowledged = worker.getValue().get(300, SECONDS);
        var expected = IntStream.range(0, acknowledged).mapToObj(n -> user + " " + n).toList();
        assertThat(Restless.subjects(third.imap(), user)).containsExactlyElementsOf(expected);
      }
      servers.end();
      System.out.println(clients.summary());
      assertThat(clients.faults).as(servers::stories).isEmpty();
    }
  }

  /** All that were started, and those who come to them: who leave for good when they are closed. */
  private record Servers(
      OwnRedis redis, Map<String, String> settings, Restless clients, List<Packaged> all)
      implements AutoCloseable {
    Servers(OwnRedis redis, Map<String, String> settings) {
      this(redis, settings, new Restless(), new ArrayList<>());
    }

    Packaged launch() throws IOException {
      var server = Packaged.launch(redis, settings);
      all.add(server);
      return server;
    }

    /** Of each, for whoever asks why a client was lost. */
    String stories() {
      return all.stream().map(Packaged::story).collect(joining("\n"));
    }

    void end() {
      clients.end();
      all.forEach(Packaged::close);
    }

    @Override
    public void close() {
      end();
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
      Servers servers, Packaged old, Packaged other, Duration spread, double inTime)
      throws Exception {
    var clients = servers.clients();
    int idle = clients.idling.get();
    clients.moves.clear();
    clients.sentAway.set(0);
    clients.ready(List.of(other.imap()));
    long began = System.nanoTime();
    old.end();
    assertThat(old.process().onExit().get(180, SECONDS).exitValue()).isEqualTo(128 + 15);
    long ended = System.nanoTime();
    allIdle(servers, idle);
    var moves = new ArrayList<>(clients.moves);
    assertThat(moves).hasSize(clients.sentAway.get());
    moves.sort(Comparator.comparingLong(Restless.Move::bye));
    long over = moves.getFirst().bye() + spread.toNanos();
    tell(moves, over, ended - began);
    long back = moves.stream().filter(it -> it.back() < over).count();
    assertThat(back / (double) moves.size()).isGreaterThanOrEqualTo(inTime);
    // They did not leave all at once, even as seen by a first one that was late.
    assertThat(moves.getLast().bye() - moves.getFirst().bye()).isGreaterThan(spread.toNanos() / 10);
    var next = servers.launch();
    clients.ready(List.of(other.imap(), next.imap()));
    return next;
  }

  private static void tell(List<Restless.Move> moves, long over, long drain) {
    long last = moves.stream().mapToLong(Restless.Move::back).max().orElseThrow();
    long slowest = moves.stream().mapToLong(it -> it.back() - it.bye()).max().orElseThrow();
    System.out.printf(
        "%d moved; the last was back %d ms after the first BYE, the slowest %d ms after its own;"
            + " %d were back within the spread; the old server was gone after %d ms%n",
        moves.size(),
        millis(last - moves.getFirst().bye()),
        millis(slowest),
        moves.stream().filter(it -> it.back() < over).count(),
        millis(drain));
  }

  private static long millis(long nanos) {
    return nanos / 1_000_000;
  }

  private static void allIdle(Servers servers, int idle) throws InterruptedException {
    var clients = servers.clients();
    while (clients.idling.get() < idle) {
      clients.counts.poll(1, SECONDS);
      assertThat(clients.faults).as(servers::stories).isEmpty();
    }
  }

  private static String user(int number) {
    return "u" + (FIRST_USER + number) + "@example.test";
  }
}
