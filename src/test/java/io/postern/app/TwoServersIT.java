package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.embedded.OwnRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two packaged servers on one database and one Redis are one to their clients. */
@Timeout(300)
class TwoServersIT {
  private static final int TIMES = 1_000;

  @TempDir Path directory;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private OwnRedis redis;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private Packaged here;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private Packaged there;

  @BeforeEach
  void start() throws Exception {
    redis = new OwnRedis(directory);
    here = Packaged.launch(redis);
    there = Packaged.launch(redis);
  }

  @AfterEach
  void stop() {
    for (var server : List.of(here, there)) {
      server.close();
    }
    redis.close();
  }

  private static Peer client(Packaged server) throws IOException {
    var client = new Peer(server.imap());
    client.line();
    say(client, "LOGIN alice@example.test secret");
    return client;
  }

  private static String say(Peer client, String command) throws IOException {
    client.send("t " + command);
    var answers = new StringBuilder();
    while (true) {
      var line = client.line();
      answers.append(line).append('\n');
      if (line.startsWith("t ")) {
        assertThat(line).startsWith("t OK ");
        return answers.toString();
      }
    }
  }

  private static void deliver(Packaged server) throws IOException {
    try (var peer = new Peer(server.lmtp())) {
      peer.line();
      peer.say("LHLO client.example.test");
      peer.hand("alice@example.test", "Subject: push\r\n\r\nNew.\r\n");
    }
  }

  private static void append(Peer client, String mailbox) throws IOException {
    say(client, "APPEND " + mailbox + " {13+}\r\nSubject: a\r\n\r\n");
  }

  @Test
  void aDeliveryOnOneReachesAClientThatIdlesOnTheOther() throws Exception {
    try (var idle = client(there)) {
      say(idle, "SELECT INBOX");
      idle.send("i IDLE");
      idle.until("+ ");
      deliver(here);
      int before = exists(idle) - 1;

      // While Redis is away the client looks by itself, and it is not closed.
      redis.stop();
      deliver(here);
      assertThat(exists(idle)).isEqualTo(before + 2);
      deliver(here);
      redis.start();
      assertThat(exists(idle)).isEqualTo(before + 3);
      idle.send("DONE");
      idle.until("i OK");
    }
  }

  private static int exists(Peer idle) throws IOException {
    var line = idle.until("* ");
    while (!line.endsWith(" EXISTS")) {
      line = idle.until("* ");
    }
    return Integer.parseInt(line.split(" ", 3)[1]);
  }

  @Test
  void whatOneAppendsTheOtherShowsAtOnceWithoutRedis() throws Exception {
    redis.stop();
    try (var writer = client(here);
        var reader = client(there)) {
      say(writer, "CREATE Shown");
      for (int i = 1; i <= TIMES; i++) {
        append(writer, "Shown");
        if (i % 2 == 0) {
          assertThat(say(reader, "SELECT Shown")).contains("* " + i + " EXISTS\n");
        } else {
          assertThat(say(reader, "STATUS Shown (MESSAGES)")).contains("(MESSAGES " + i + ")");
        }
      }
    }
  }
}
