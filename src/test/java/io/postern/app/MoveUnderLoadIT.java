package io.postern.app;

import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A mailbox moves between two sites of the package while clients and an MTA change it. */
@Tag("clients")
@Timeout(3_000)
class MoveUnderLoadIT {
  /** Twenty thousand with {@code -Dmove.messages=20000}, which takes some minutes. */
  private static final int MESSAGES = Integer.getInteger("move.messages", 300);

  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final int SOME = 20;

  @TempDir Path scratch;

  @Test
  void nothingIsLostOrDouble() throws Exception {
    var user = "frank@example.test";
    var random = new SplittableRandom(SEED);
    try (var sites = new TwoSites(scratch);
        var load = new SiteLoad(sites, user)) {
      sites.account("east1", user);
      load.fill("east1", MESSAGES);
      load.client("one", random.split(), "east1", "west");
      load.client("two", random.split(), "west", "east2");
      load.mta("west", "east2");
      load.goesOn(SOME);
      var move = sites.move("east1", user, "west");
      while (!sites.get(move).contains("\"inUseAtDestination\":true")) {
        load.goesOn(1);
      }
      load.goesOn(SOME);
      load.assertAllIsThere("east1");
      System.out.printf("seed %d: %s; %s%n", SEED, load, sites.get(move));
    }
  }
}
