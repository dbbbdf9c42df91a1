package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two sites of the previous version are upgraded replica by replica under load, and rolled back in
 * the same way: both versions work on one database and one Redis, and each passes connections and
 * mail on to the other. {@code -Dprevious.package} names the directory {@code target/quarkus-app}
 * of the previous version.
 */
@Tag("clients")
@Timeout(1_800)
class PreviousVersionIT {
  private static final String ALICE = "alice@example.test";
  private static final String BOB = "bob@example.test";
  private static final String PREVIOUS = System.getProperty("previous.package", "");
  private static final Optional<Path> THIS = Optional.empty();
  private static final int SOME = 30;
  private static final long SEED = Long.getLong("seed", System.nanoTime());

  @TempDir Path scratch;

  private final SplittableRandom random = new SplittableRandom(SEED);

  @Test
  void anUpgradeAndARollbackUnderLoad() throws Exception {
    assumeFalse(PREVIOUS.isEmpty(), "-Dprevious.package names no package of the previous version");
    var previous = Optional.of(Path.of(PREVIOUS).resolve("quarkus-run.jar"));
    try (var sites = new TwoSites(scratch, previous);
        var alice = new SiteLoad(sites, ALICE);
        var bob = new SiteLoad(sites, BOB)) {
      for (var load : List.of(alice, bob)) {
        load.client("one", random.split(), "east1", "west");
        load.client("two", random.split(), "east2");
        load.client("three", random.split(), "west", "east1");
        load.mta("west", "east1", "east2");
        load.goesOn(SOME);
      }
      // The first replica of each site migrates its database, which the others use.
      for (var node : List.of("east2", "east1", "west")) {
        replace(sites, node, THIS, alice, bob);
      }
      for (var node : List.of("east1", "east2", "west")) {
        replace(sites, node, previous, alice, bob);
      }
      for (var node : List.of("west", "east1")) {
        replace(sites, node, THIS, alice, bob);
      }
      alice.assertAllIsThere("west");
      bob.assertAllIsThere("east1");
      System.out.printf("seed %d: %s; %s%n", SEED, alice, bob);
    }
  }

  private static void replace(
      TwoSites sites, String node, Optional<Path> version, SiteLoad alice, SiteLoad bob)
      throws Exception {
    sites.replace(node, version);
    System.out.printf("%s is now of the %s version%n", node, version.isEmpty() ? "new" : "old");
    push(sites, ALICE, "east1", "east2");
    push(sites, ALICE, "east2", "west");
    push(sites, BOB, "west", "east2");
    maildrop(sites, ALICE, "west");
    maildrop(sites, BOB, "east1");
    alice.goesOn(SOME);
    bob.goesOn(SOME);
  }

  /** A client that idles hears of a message that was appended elsewhere. */
  private static void push(TwoSites sites, String user, String there, String here)
      throws IOException {
    try (var idle = in(sites, there, user);
        var other = in(sites, here, user)) {
      other.command("CREATE pushed");
      idle.command("SELECT pushed");
      idle.send("t IDLE");
      idle.until("+ ");
      other.append("pushed");
      assertThat(idle.until("* 1 EXISTS")).isEqualTo("* 1 EXISTS");
      other.command("DELETE pushed");
    }
  }

  private static void maildrop(TwoSites sites, String user, String node) throws IOException {
    try (var peer = new Peer(sites.node(node).server().pop3())) {
      peer.patience(60_000);
      assertThat(peer.line()).startsWith("+OK");
      peer.send("USER " + user);
      assertThat(peer.line()).startsWith("+OK");
      peer.send("PASS secret-secret");
      assertThat(peer.line()).startsWith("+OK");
      peer.send("QUIT");
      assertThat(peer.line()).startsWith("+OK");
    }
  }

  private static Peer in(TwoSites sites, String node, String user) throws IOException {
    var peer = new Peer(sites.node(node).server().imap());
    // Several servers work on few processors.
    peer.patience(60_000);
    peer.line();
    peer.command("LOGIN " + user + " secret-secret");
    return peer;
  }
}
