package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An account moves between two sites of the package while clients use it. */
class MovedAccountIT {
  @TempDir static Path scratch;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static TwoSites sites;

  @BeforeAll
  static void start() throws Exception {
    sites = new TwoSites(scratch);
  }

  @AfterAll
  static void stop() {
    sites.close();
  }

  private static Peer in(String node, String user) throws IOException {
    var peer = new Peer(sites.node(node).server().imap());
    // Several servers start on few processors.
    peer.patience(60_000);
    peer.line();
    peer.command("LOGIN " + user + " secret-secret");
    return peer;
  }

  private static boolean entered(String node, String user) throws IOException {
    var peer = new Peer(sites.node(node).server().imap());
    peer.patience(60_000);
    try (peer) {
      peer.line();
      peer.send("t LOGIN " + user + " secret-secret");
      return peer.until("t ").startsWith("t OK");
    }
  }

  @Test
  void clientsFindTheirMailAtTheOtherSite() throws Exception {
    var user = "dave@example.test";
    sites.account("east1", user);
    String before;
    try (var peer = in("east2", user)) {
      peer.command("CREATE kept");
      peer.append("kept");
      peer.append("kept");
      before = peer.command("STATUS kept (MESSAGES UIDNEXT UIDVALIDITY)");
    }
    try (var session = in("east1", user)) {
      session.command("SELECT kept");
      var move = sites.move("east1", user, "west");
      HotStage.eventually(
          "the account has moved", () -> sites.get(move).contains("\"inUseAtDestination\":true"));
      // Its sessions at the old home are asked to reconnect.
      assertThat(session.until("* BYE")).startsWith("* BYE");
    }
    for (var node : List.of("east1", "east2", "west")) {
      HotStage.eventually("clients enter at " + node, () -> entered(node, user));
      try (var peer = in(node, user)) {
        assertThat(peer.command("STATUS kept (MESSAGES UIDNEXT UIDVALIDITY)"))
            .contains(before.lines().findFirst().orElseThrow());
      }
    }
    try (var peer = in("east1", user)) {
      peer.append("kept");
      assertThat(peer.command("STATUS kept (MESSAGES)")).contains("MESSAGES 3");
    }
    assertThat(
            sites.metric("east1", "mail_site_move_frozen_seconds_count")
                + sites.metric("east2", "mail_site_move_frozen_seconds_count"))
        .isEqualTo(1);
  }
}
