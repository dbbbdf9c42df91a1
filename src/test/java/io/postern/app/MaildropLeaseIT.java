package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.embedded.OwnRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
        try (var other = opened(here, Instant.now().plus(PATIENCE))) {
          assertThat(uniqueIds(other)).isEqualTo(ids);
          assertThat(answer(other, "DELE 1")).startsWith("+OK ");
          assertThat(answer(other, "QUIT")).startsWith("+OK ");
        }
        try (var again = opened(here, Instant.now())) {
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

  /** A session as soon as the maildrop is free; each refusal says that it is in use. */
  private static Peer opened(Packaged server, Instant until)
      throws IOException, InterruptedException {
    while (true) {
      var peer = new Peer(server.pop3());
      var answer = login(peer);
      if (answer.startsWith("+OK ")) {
        return peer;
      }
      peer.close();
      assertThat(answer).startsWith(IN_USE);
      assertThat(Instant.now()).isBefore(until);
      Thread.sleep(BETWEEN);
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
