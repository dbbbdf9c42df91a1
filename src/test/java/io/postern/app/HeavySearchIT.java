package io.postern.app;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.embedded.ServersForPackage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Ten sessions search for 499 texts each, again and again: another client is answered all the
 * while, and so is the probe of liveness.
 */
@Timeout(300)
class HeavySearchIT {
  private static final int SEARCHERS = 10;
  private static final int MESSAGES = 32;
  private static final int ROUNDS = 50;
  private static final String MAILBOX = "Heavy";

  /** Far more than an answer takes; a search that held an event loop took twice as long. */
  private static final int PATIENCE_MILLIS = 5_000;

  private static final String SEARCH =
      "SEARCH "
          + IntStream.range(0, 499).mapToObj("NOT TEXT x%03d"::formatted).collect(joining(" "));

  private final AtomicBoolean over = new AtomicBoolean();

  @Test
  void heavySearchesDoNotDelayOtherClients() throws Exception {
    var settings = new HashMap<>(new ServersForPackage().start());
    try (var replica = new Replica(settings);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      fill(replica);
      var searchers = new ArrayList<Future<Integer>>();
      for (int i = 0; i < SEARCHERS; i++) {
        searchers.add(threads.submit(searcher(replica)));
      }
      try (var client = login(replica, "bob")) {
        client.patience(PATIENCE_MILLIS);
        for (int round = 0; round < ROUNDS; round++) {
          client.command("NOOP");
          client.command("STATUS INBOX (MESSAGES)");
          assertThat(replica.health("live").statusCode()).isEqualTo(200);
        }
      } finally {
        over.set(true);
      }
      for (var searcher : searchers) {
        assertThat(searcher.get()).isPositive();
      }
    }
  }

  private static Peer login(Replica replica, String name) throws IOException {
    var client = new Peer(replica.imap());
    client.patience(120_000);
    client.line();
    client.command("LOGIN " + name + "@example.test secret");
    return client;
  }

  private static void fill(Replica replica) throws IOException {
    var text = "Subject: words\r\n\r\n" + "some words that are looked through\r\n".repeat(1_200);
    try (var client = login(replica, "alice")) {
      client.command("CREATE " + MAILBOX);
      for (int i = 0; i < MESSAGES; i++) {
        client.command("APPEND " + MAILBOX + " {" + text.length() + "+}\r\n" + text);
      }
    }
  }

  /** Searches until it is over; how often. */
  private Callable<Integer> searcher(Replica replica) {
    var all = IntStream.rangeClosed(1, MESSAGES).mapToObj(Integer::toString).collect(joining(" "));
    return () -> {
      int searches = 0;
      try (var client = login(replica, "alice")) {
        client.command("SELECT " + MAILBOX);
        do {
          assertThat(client.command(SEARCH)).startsWith("* SEARCH " + all + "\n");
          searches++;
        } while (!over.get());
      }
      return searches;
    };
  }
}
