package io.postern.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.Eventually;
import io.postern.embedded.OwnRedis;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A second signal ends the process without waiting for the sessions. */
@Timeout(300)
class SecondSignalIT {
  private static final int CLIENTS = 100;

  @TempDir Path directory;

  /** They would leave over ten seconds, and one has a command under way for ten minutes. */
  @Test
  void aSecondSignalDuringADrainEndsAtOnce() throws Exception {
    var settings =
        Map.of(
            "mail.drain.spread", "PT10M",
            "mail.drain.last-command", "PT10M",
            "mail.imap.max-connections-per-user", "1000");
    var clients = new ArrayList<Peer>();
    try (var redis = new OwnRedis(directory);
        var server = Packaged.launch(redis, settings)) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(server.client());
      }
      var busy = server.client();
      clients.add(busy);
      busy.send("t APPEND INBOX {1000}");
      busy.until("+ ");
      server.end();
      // One was asked to leave: the drain is under way.
      assertThat(firstFarewell(clients)).startsWith("* BYE ");
      assertThat(server.process().isAlive()).isTrue();
      server.end();
      assertThat(server.process().onExit().get(60, SECONDS).exitValue()).isEqualTo(128 + 15);
    } finally {
      for (var client : clients) {
        client.close();
      }
    }
  }

  /** In no order of theirs. */
  private static String firstFarewell(List<Peer> clients) throws Exception {
    return Eventually.found(
        "a client is asked to leave",
        () -> {
          for (var client : clients) {
            if (client.hasWord()) {
              return Optional.of(client.line());
            }
          }
          return Optional.empty();
        });
  }
}
