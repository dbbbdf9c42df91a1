package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
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
  private TwoServers servers;

  @BeforeEach
  void start() throws Exception {
    servers = TwoServers.start(directory, Map.of());
  }

  @AfterEach
  void stop() {
    servers.close();
  }

  private static void deliver(Packaged server) throws IOException {
    try (var peer = new Peer(server.lmtp())) {
      peer.line();
      peer.say("LHLO client.example.test");
      peer.hand("alice@example.test", "Subject: push\r\n\r\nNew.\r\n");
    }
  }

  @Test
  void aDeliveryOnOneReachesAClientThatIdlesOnTheOther() throws Exception {
    try (var idle = servers.there().client()) {
      idle.command("SELECT INBOX");
      idle.send("i IDLE");
      idle.until("+ ");
      deliver(servers.here());
      int before = exists(idle) - 1;

      // While Redis is away the client looks by itself, and it is not closed.
      servers.redis().stop();
      deliver(servers.here());
      assertThat(exists(idle)).isEqualTo(before + 2);
      deliver(servers.here());
      servers.redis().start();
      assertThat(exists(idle)).isEqualTo(before + 3);
      idle.send("DONE");
      idle.until("i OK");
    }
  }

  @Test
  void aClientHearsOfOtherMailboxesWhoseChangesTheOtherMakes() throws Exception {
    try (var watcher = servers.there().client();
        var writer = servers.here().client()) {
      watcher.command(
          "NOTIFY SET (personal (MessageNew MessageExpunge MailboxName SubscriptionChange"
              + " MailboxMetadataChange))");
      deliver(servers.here());
      assertThat(watcher.until("* STATUS INBOX ")).contains("MESSAGES ");
      writer.command("CREATE Heard");
      assertThat(watcher.until("* LIST ")).endsWith(" Heard");
      writer.command("RENAME Heard HeardOf");
      assertThat(watcher.until("* LIST ")).endsWith(" HeardOf (\"OLDNAME\" (\"Heard\"))");
      writer.command("SUBSCRIBE HeardOf");
      assertThat(watcher.until("* LIST ")).contains("\\Subscribed").endsWith(" HeardOf");
      writer.command("SETMETADATA HeardOf (/shared/comment \"x\")");
      assertThat(watcher.until("* METADATA ")).endsWith(" HeardOf /shared/comment");

      // While Redis is away the session looks by itself.
      servers.redis().stop();
      writer.append("HeardOf");
      assertThat(watcher.until("* STATUS ")).startsWith("* STATUS HeardOf (MESSAGES 1 ");
      servers.redis().start();
      writer.append("HeardOf");
      assertThat(watcher.until("* STATUS ")).startsWith("* STATUS HeardOf (MESSAGES 2 ");
      assertThat(watcher.command("NOOP")).doesNotContain("* ");
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
  void withoutRedisAnAppendIsVisibleOnTheOtherReplicaAtOnce() throws Exception {
    servers.redis().stop();
    try (var writer = servers.here().client();
        var reader = servers.there().client()) {
      writer.command("CREATE Shown");
      for (int i = 1; i <= TIMES; i++) {
        writer.append("Shown");
        if (i % 2 == 0) {
          assertThat(reader.command("SELECT Shown")).contains("* " + i + " EXISTS\n");
        } else {
          assertThat(reader.command("STATUS Shown (MESSAGES)")).contains("(MESSAGES " + i + ")");
        }
      }
    }
  }
}
