package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.site.move.MoveMeter;
import io.postern.site.move.MoveRunner;
import io.postern.site.move.MoveSites;
import io.postern.site.move.MoveSteps;
import io.postern.site.move.MoveSteps.Step;
import io.postern.store.MortalProcess.When;
import io.postern.store.MoveSides.Side;
import io.postern.store.move.MoveJobs.Phase;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mailbox moves between two sites, and back, while clients use it, and the process that moves it
 * is killed at any of its calls.
 */
@Timeout(3_000)
class KilledMoveIT {
  /** Twenty thousand with {@code -Dmove.messages=20000}, which takes some minutes. */
  private static final int MESSAGES = Integer.getInteger("move.messages", 300);

  /** How often the process is killed. */
  private static final int KILLS = Integer.getInteger("move.kills", 6);

  private static final long SEED = Long.getLong("seed", System.nanoTime());

  /** About how many calls a move needs that finds everything copied. */
  private static final int FEW = 70;

  /** About how many contents are copied by one call. */
  private static final int BATCH = 8;

  @TempDir static Path scratch;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static MoveSides sides;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final List<String> kills = new ArrayList<>();
  private final List<CompletableFuture<Void>> underWay = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    sides = new MoveSides(scratch);
  }

  @AfterAll
  static void stop() throws Exception {
    sides.stop();
  }

  @Test
  void nothingIsLostOrDoubleWhenAMoveIsKilledUnderLoad() throws Exception {
    var account = sides.account();
    sides.furnish(account, MESSAGES);
    var frozen = new ArrayList<Duration>();
    try (var clients = new MovingClients(sides, account, random.split())) {
      for (var from = sides.east;
          kills.size() < KILLS || frozen.isEmpty();
          from = sides.other(from)) {
        frozen.add(moved(from, account.name()));
      }
      clients.end();
      CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new))
          .get(120, TimeUnit.SECONDS);
      System.out.printf(
          "seed %d: %d messages, killed at %s; frozen for %s; %s%n",
          SEED, MESSAGES, kills, frozen, clients);
      clients.assertAllIsThere();
      assertThat(kills).hasSizeGreaterThanOrEqualTo(KILLS);
    }
  }

  /** Another run of the move has to thaw the account, or to complete the move. */
  @Test
  void aMoveThatIsKilledWhileTheAccountIsFrozenIsContinuedSoon() throws Exception {
    var account = sides.account();
    var job = sides.request(sides.east, account.name());
    var reached = new CompletableFuture<Step>();
    MoveSteps killed =
        step ->
            step == Step.VERIFY && reached.complete(step)
                ? Uni.createFrom().nothing()
                : Uni.createFrom().voidItem();
    sides.runner(sides.east, killed).run().subscribe().with(_ -> {});
    reached.get(60, TimeUnit.SECONDS);
    assertThat(
            sides.east.value(
                "SELECT leased_until <= clock_timestamp() + interval '10 s' FROM account_move"
                    + " WHERE phase = 'freeze' AND id = '%s'".formatted(job.ticket().move())))
        .isEqualTo("t");
    sides.expireLeases(sides.east);
    runner(sides.sites(sides.east, Optional.of(sides.west.arrivals)))
        .run()
        .await()
        .atMost(Duration.ofSeconds(60));
    assertThat(sides.job(sides.east, job).phase()).isEqualTo(Phase.GRACE);
  }

  /** Moves the account to the other side; how long it was frozen. */
  private Duration moved(Side from, String name) throws Exception {
    var job = sides.request(from, name);
    while (true) {
      run(from);
      var now = sides.job(from, job);
      assertThat(now.phase()).as("%s, seed %d", now, SEED).isNotIn(Phase.FAILED, Phase.CANCELLED);
      if (now.phase() == Phase.GRACE) {
        return now.frozen().orElseThrow();
      }
      sides.expireLeases(from);
    }
  }

  /** Runs what can go on, in a process that is killed as long as that has not been often enough. */
  private void run(Side from) throws Exception {
    var sites = sides.sites(from, Optional.of(sides.other(from).arrivals));
    if (kills.size() >= KILLS) {
      runner(sites).run().await().atMost(Duration.ofMinutes(20));
      return;
    }
    int most = random.nextBoolean() ? FEW : FEW + MESSAGES / BATCH;
    var when = When.values()[random.nextInt(When.values().length)];
    var process = new MortalProcess(random.nextInt(1, most), when);
    var ended = runner(process.sites(sites)).run().subscribeAsCompletionStage();
    CompletableFuture.anyOf(ended, process.killed).get(20, TimeUnit.MINUTES);
    if (process.killed.isDone()) {
      kills.add(process.killed.get() + " " + when);
      underWay.add(process.settled());
    }
  }

  private static MoveRunner runner(MoveSites sites) {
    return new MoveRunner(Optional.of(sites), MoveSteps.ALL, MoveMeter.NONE);
  }
}
