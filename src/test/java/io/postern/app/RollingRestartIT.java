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
 * Two packaged replicas are restarted one after the other while clients are connected. Commands
 * fail only by a BYE between two commands, every client reconnects to the other replica at the
 * first try and within the spread, and no message is lost or duplicated.
 */
@Timeout(900)
class RollingRestartIT {
  private static final int IDLE_PER_USER = 10;

  /** Lower numbers are used by HotKeysIT, numbers from a thousand by the scripts. */
  private static final int FIRST_USER = HotStage.USERS;

  @TempDir Path directory;

  @Test
  void smallRollingRestart() throws Exception {
    restartBoth(100, 8, Duration.ofSeconds(5), 0);
  }

  @Test
  @Tag("clients")
  void largeRollingRestart() throws Exception {
    restartBoth(2_000, 50, Duration.ofSeconds(30), 0.9);
  }

  /**
   * Runs the test.
   *
   * @param inTime the share of idle clients that must have reconnected within the spread: measured
   *     on a quiet machine only
   */
  private void restartBoth(int idle, int busy, Duration spread, double inTime) throws Exception {
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
      var work = start(clients, threads, idle, busy);
      awaitIdle(servers, idle);

      var third = replace(servers, first, second, spread, inTime);
      replace(servers, second, third, spread, inTime);
      // At the end all were connected to the second.
      assertThat(clients.farewells.get()).isGreaterThanOrEqualTo(idle);

      clients.end();
      for (var worker : work.entrySet()) {
        var user = worker.getKey();
        int acknowledged = worker.getValue().get(300, SECONDS);
        var expected = IntStream.range(0, acknowledged).mapToObj(n -> user + " " + n).toList();
        assertThat(ReconnectingClients.subjects(third.imap(), user))
            .containsExactlyElementsOf(expected);
      }
      servers.end();
      System.out.println(clients.summary());
      assertThat(clients.faults).as(servers::outputs).isEmpty();
    }
  }

  /** All servers and their clients, which end when this is closed. */
  private record Servers(
      OwnRedis redis, Map<String, String> settings, ReconnectingClients clients, List<Packaged> all)
      implements AutoCloseable {
    Servers(OwnRedis redis, Map<String, String> settings) {
      this(redis, settings, new ReconnectingClients(), new ArrayList<>());
    }

    Packaged launch() throws IOException {
      var server = Packaged.launch(redis, settings);
      all.add(server);
      return server;
    }

    /** The output of each server, for the report of a failure. */
    String outputs() {
      return all.stream().map(Packaged::output).collect(joining("\n"));
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

  /** Starts the clients; returns when all working ones have begun. */
  private static Map<String, Future<Integer>> start(
      ReconnectingClients clients, ExecutorService threads, int idle, int busy) throws Exception {
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

  /** As a rollout: no new clients, SIGTERM, then another replica. */
  private static Packaged replace(
      Servers servers, Packaged old, Packaged other, Duration spread, double inTime)
      throws Exception {
    var clients = servers.clients();
    int idle = clients.idling.get();
    clients.moves.clear();
    clients.byes.set(0);
    clients.ready(List.of(other.imap()));
    long began = System.nanoTime();
    old.end();
    assertThat(old.process().onExit().get(180, SECONDS).exitValue()).isEqualTo(128 + 15);
    long ended = System.nanoTime();
    awaitIdle(servers, idle);
    var moves = new ArrayList<>(clients.moves);
    assertThat(moves).hasSize(clients.byes.get());
    moves.sort(Comparator.comparingLong(ReconnectingClients.Move::bye));
    long over = moves.getFirst().bye() + spread.toNanos();
    print(moves, over, ended - began);
    long back = moves.stream().filter(it -> it.back() < over).count();
    assertThat(back / (double) moves.size()).isGreaterThanOrEqualTo(inTime);
    // The sessions did not end all at once.
    assertThat(moves.getLast().bye() - moves.getFirst().bye()).isGreaterThan(spread.toNanos() / 10);
    var next = servers.launch();
    clients.ready(List.of(other.imap(), next.imap()));
    return next;
  }

  private static void print(List<ReconnectingClients.Move> moves, long over, long drain) {
    long last = moves.stream().mapToLong(ReconnectingClients.Move::back).max().orElseThrow();
    long slowest = moves.stream().mapToLong(it -> it.back() - it.bye()).max().orElseThrow();
    System.out.printf(
        "%d moved; the last was back %d ms after the first BYE, the slowest %d ms after its own BYE;"
            + " %d were back within the spread; the old server had ended after %d ms%n",
        moves.size(),
        millis(last - moves.getFirst().bye()),
        millis(slowest),
        moves.stream().filter(it -> it.back() < over).count(),
        millis(drain));
  }

  private static long millis(long nanos) {
    return nanos / 1_000_000;
  }

  private static void awaitIdle(Servers servers, int idle) throws InterruptedException {
    var clients = servers.clients();
    while (clients.idling.get() < idle) {
      clients.counts.poll(1, SECONDS);
      assertThat(clients.faults).as(servers::outputs).isEmpty();
    }
  }

  private static String user(int number) {
    return "u" + (FIRST_USER + number) + "@example.test";
  }
}
