package io.postern.app;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.embedded.OwnRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas and one maildrop: one session has it, and it is free when its replica has died. */
@Timeout(300)
class MaildropLeaseIT {
  /** The lease's minute, and time to start a connection or two. */
  private static final Duration PATIENCE = Duration.ofSeconds(65);

  private static final Duration BETWEEN = Duration.ofMillis(200);
  private static final String IN_USE = "-ERR [IN-USE] ";

  @Test
  void aKilledReplicaLosesItsLockWithinAMinuteAndNothingElse(@TempDir Path directory)
      throws Exception {
    try (var redis = new OwnRedis(directory);
        var here = Packaged.launch(redis);
        var there = Packaged.launch(redis)) {
      deliver(here, 3);
      try (var first = new Peer(there.pop3());
          var beside = new Peer(there.pop3())) {
        assertThat(login(first)).startsWith("+OK ");
        var ids = uniqueIds(first);
        assertThat(ids).hasSizeGreaterThanOrEqualTo(3).doesNotHaveDuplicates();
        assertThat(answer(first, "DELE 1")).startsWith("+OK ");
        assertThat(login(beside)).startsWith(IN_USE);
        try (var other = new Peer(here.pop3())) {
          assertThat(login(other)).startsWith(IN_USE);
        }
        there.kill();
        try (var other = opened(here)) {
          assertThat(uniqueIds(other)).isEqualTo(ids);
          assertThat(answer(other, "DELE 1")).startsWith("+OK ");
          assertThat(answer(other, "QUIT")).startsWith("+OK ");
        }
        try (var again = new Peer(here.pop3())) {
          assertThat(login(again)).startsWith("+OK ");
          assertThat(uniqueIds(again)).isEqualTo(ids.subList(1, ids.size()));
        }
      }
    }
  }

  private static void deliver(Packaged server, int count) throws IOException {
    try (var peer = new Peer(server.lmtp())) {
      peer.line();
      peer.say("LHLO client.example.test");
      for (int n = 0; n < count; n++) {
        peer.hand("bob@example.test", "Subject: " + n + "\r\n\r\nNew.\r\n");
      }
    }
  }

  /** Logs in as soon as the maildrop is free; each refusal has the code IN-USE. */
  private static Peer opened(Packaged server) throws Exception {
    var open = new CompletableFuture<Peer>();
    try (var clock = Executors.newSingleThreadScheduledExecutor()) {
      var tries =
          clock.scheduleWithFixedDelay(
              () -> attempt(server, open), 0, BETWEEN.toMillis(), MILLISECONDS);
      try {
        return open.get(PATIENCE.toSeconds(), SECONDS);
      } finally {
        tries.cancel(false);
      }
    }
  }

  private static void attempt(Packaged server, CompletableFuture<Peer> open) {
    if (open.isDone()) {
      return;
    }
    try {
      var peer = new Peer(server.pop3());
      var answer = login(peer);
      if (answer.startsWith("+OK ")) {
        open.complete(peer);
        return;
      }
      peer.close();
      assertThat(answer).as(server::output).startsWith(IN_USE);
    } catch (IOException | AssertionError fault) {
      open.completeExceptionally(fault);
    }
  }

  private static String login(Peer peer) throws IOException {
    assertThat(peer.line()).startsWith("+OK ");
    assertThat(answer(peer, "USER bob@example.test")).startsWith("+OK ");
    return answer(peer, "PASS secret");
  }

  private static List<String> uniqueIds(Peer peer) throws IOException {
    assertThat(answer(peer, "UIDL")).startsWith("+OK ");
    var ids = new ArrayList<String>();
    for (var line = peer.line(); !line.equals("."); line = peer.line()) {
      ids.add(line.split(" ", 2)[1]);
    }
    return ids;
  }

  private static String answer(Peer peer, String command) throws IOException {
    peer.send(command);
    return peer.line();
  }
}
