package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two packaged servers share the limits of a user's sessions. */
class SharedSessionLimitIT {
  @TempDir static Path directory;

  private final List<Peer> open = new ArrayList<>();

  // Started by each test, with settings of its own.
  @SuppressWarnings("NullAway.Init")
  private TwoServers servers;

  private void start(String... settings) throws Exception {
    var more = new HashMap<String, String>();
    for (var setting : settings) {
      var parts = setting.split("=", 2);
      more.put(parts[0], parts[1]);
    }
    servers = TwoServers.start(directory, more);
  }

  @AfterEach
  void stop() throws IOException {
    for (var peer : open) {
      peer.close();
    }
    servers.close();
  }

  private String login(Packaged server) throws IOException {
    var peer = new Peer(server.imap());
    open.add(peer);
    peer.line();
    peer.send("a LOGIN bob@example.test secret");
    var answer = peer.until("a ");
    if (!answer.startsWith("a OK ")) {
      // So that the connections of one address are not too many.
      open.remove(peer);
      peer.close();
    }
    return answer;
  }

  @Test
  void aSilentSessionOfTheOtherReplicaIsEvicted() throws Exception {
    start(
        "mail.imap.max-connections-per-user=1",
        "mail.pop3.max-connections-per-user=1",
        "mail.imap.displace-silent-after=PT0.001S");
    assertThat(login(servers.there())).startsWith("a OK ");
    assertThat(login(servers.here())).startsWith("a OK ");
    assertThat(open.getFirst().line()).startsWith("* BYE [UNAVAILABLE] A newer session");
    open.getLast().command("NOOP");
  }

  @Test
  void sessionsBeyondTheLimitAreRefusedUntilADeadReplicasLeaseExpires() throws Exception {
    start();
    for (int i = 0; i < 8; i++) {
      assertThat(login(servers.here())).startsWith("a OK ");
      assertThat(login(servers.there())).startsWith("a OK ");
    }
    assertThat(login(servers.here())).startsWith("a NO [LIMIT] ");
    assertThat(login(servers.there())).startsWith("a NO [LIMIT] ");
    servers.there().kill();
    long end = System.nanoTime() + 90_000_000_000L;
    while (!login(servers.here()).startsWith("a OK ")) {
      assertThat(System.nanoTime()).as("a dead replica's sessions still count").isLessThan(end);
    }
  }
}
