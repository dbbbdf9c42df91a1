package io.postern.app;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers of two sites are killed under load, one after the other, and started again: no
 * acknowledged change is lost or double, and clients go on.
 */
@Tag("clients")
@Timeout(900)
class KilledSitesIT {
  private static final String ALICE = "alice@example.test";
  private static final String BOB = "bob@example.test";
  private static final int SOME = 30;
  private static final long SEED = Long.getLong("seed", System.nanoTime());

  @TempDir Path scratch;

  private final SplittableRandom random = new SplittableRandom(SEED);

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private TwoSites sites;

  @BeforeEach
  void start() throws Exception {
    sites = new TwoSites(scratch);
  }

  @AfterEach
  void stop() {
    sites.close();
  }

  @Test
  void nothingAcknowledgedIsLost() throws Exception {
    try (var alice = new SiteLoad(sites, ALICE);
        var bob = new SiteLoad(sites, BOB)) {
      for (var load : List.of(alice, bob)) {
        load.client("one", random.split(), "east1", "west");
        load.client("two", random.split(), "east2");
        load.client("three", random.split(), "west", "east1");
        load.mta("west", "east1", "east2");
        load.goesOn(SOME);
      }
      aReplicaOfTheHomeIsKilled(alice, bob);
      aFrontEndThatIsAWholeSiteIsKilled(alice, bob);
      theDirectoryIsKilled(alice, bob);
      System.out.printf("seed %d: %s; %s%n", SEED, alice, bob);
      alice.assertAllIsThere("west");
      bob.assertAllIsThere("east1");
    }
  }

  private void aReplicaOfTheHomeIsKilled(SiteLoad alice, SiteLoad bob) throws Exception {
    sites.node("east1").server().kill();
    alice.goesOn(SOME);
    bob.goesOn(SOME);
    sites.restart("east1", Map.of());
    alice.goesOn(SOME);
  }

  /** It has one replica, and its database is killed with it. */
  private void aFrontEndThatIsAWholeSiteIsKilled(SiteLoad alice, SiteLoad bob) throws Exception {
    sites.node("west").server().kill();
    sites.store("west").kill();
    alice.goesOn(SOME);
    sites.store("west").start();
    sites.restart("west", Map.of());
    long back = System.nanoTime();
    bob.goesOn(1);
    System.out.printf("bob goes on %d ms after his site%n", (System.nanoTime() - back) / 1_000_000);
    bob.goesOn(SOME);
    alice.goesOn(SOME);
  }

  private void theDirectoryIsKilled(SiteLoad alice, SiteLoad bob) throws Exception {
    sites.directory.kill();
    alice.goesOn(SOME);
    bob.goesOn(SOME);
    sites.directory.start();
    alice.goesOn(SOME);
    bob.goesOn(SOME);
  }
}
