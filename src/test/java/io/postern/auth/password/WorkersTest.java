package io.postern.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Slow sums are bounded, and those of one subject wait for each other. */
class WorkersTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Test
  void workBeyondTheQueueIsRefused() throws InterruptedException {
    try (var few = new Workers(1, 1)) {
      var hold = new CountDownLatch(1);
      var first = few.run(() -> held(hold)).subscribeAsCompletionStage();
      var second = few.run(() -> held(hold)).subscribeAsCompletionStage();
      assertThatThrownBy(() -> await(few.run(() -> true))).isInstanceOf(Workers.Busy.class);
      hold.countDown();
      assertThat(first).succeedsWithin(SOON);
      assertThat(second).succeedsWithin(SOON);
    }
  }

  @Test
  void aDelayedResultDelaysNoOtherWork() {
    try (var workers = new Workers(1, 1)) {
      var vertx = Vertx.vertx();
      var context = vertx.getOrCreateContext();
      var results = new LinkedBlockingQueue<String>();
      context.runOnContext(
          _ -> {
            late(workers, "in a day", 86_400_000_000_000L).subscribe().with(results::add);
            late(workers, "soon", 1).subscribe().with(results::add);
          });
      assertThat(taken(results)).isEqualTo("soon");
      assertThat(results).isEmpty();
      assertThat(vertx.close().toCompletionStage().toCompletableFuture()).succeedsWithin(SOON);
    }
  }

  @Test
  void workOfASubjectWaitsForTheFirstAndThenCompletes() {
    try (var workers = new Workers(4, 100)) {
      var hold = new CountDownLatch(1);
      var threads = new LinkedBlockingQueue<Thread>();
      var all =
          IntStream.range(0, 10).mapToObj(_ -> of(workers, "x", hold, threads, true)).toList();
      // A worker is free, and does not take the others.
      assertThat(of(workers, "y", new CountDownLatch(0), threads, true)).succeedsWithin(SOON);
      threads.clear();
      assertThat(all).noneMatch(it -> it.toCompletableFuture().isDone());
      hold.countDown();
      assertThat(all).allSatisfy(it -> assertThat(it).succeedsWithin(SOON));
      assertThat(threads).hasSize(10).containsOnly(threads.peek());
    }
  }

  @Test
  void unsettledWorkOfASubjectRunsToo() {
    try (var workers = new Workers(4, 100)) {
      var hold = new CountDownLatch(1);
      var threads = new LinkedBlockingQueue<Thread>();
      var all =
          IntStream.range(0, 10).mapToObj(_ -> of(workers, "x", hold, threads, false)).toList();
      hold.countDown();
      assertThat(all).allSatisfy(it -> assertThat(it).succeedsWithin(SOON));
      assertThat(threads).hasSize(10);
    }
  }

  @Test
  void waitingWorkOfASubjectCountsTowardsTheLimit() {
    try (var few = new Workers(1, 1)) {
      var hold = new CountDownLatch(1);
      var threads = new LinkedBlockingQueue<Thread>();
      var first = of(few, "x", hold, threads, true);
      var second = of(few, "x", hold, threads, true);
      assertThatThrownBy(() -> await(few.run(() -> true))).isInstanceOf(Workers.Busy.class);
      hold.countDown();
      assertThat(first).succeedsWithin(SOON);
      assertThat(second).succeedsWithin(SOON);
      // Each released its slot.
      for (int i = 0; i < 3; i++) {
        assertThat(of(few, "x", hold, threads, true)).succeedsWithin(SOON);
      }
    }
  }

  /** A failed computation settles no other and releases its capacity. */
  @Test
  void workOfASubjectSurvivesAFailureOfTheFirst() {
    try (var workers = new Workers(1, 1)) {
      for (int i = 0; i < 3; i++) {
        var fails = workers.run("x", () -> Integer.parseInt("x"), _ -> true, _ -> 0);
        assertThatThrownBy(() -> await(fails)).isInstanceOf(NumberFormatException.class);
      }
      assertThat(await(workers.run("x", () -> 1, _ -> true, _ -> 0))).isEqualTo(1);
    }
  }

  /** A request after the result was delivered starts a new computation. */
  @Test
  void workSubmittedAfterTheFirstCompletedDoesNotWait() {
    var workers = new Workers(1, 1);
    var again = new CompletableFuture<Integer>();
    workers
        .run("x", () -> 1, _ -> true, _ -> 0)
        .subscribe()
        .with(
            _ -> {
              workers.close();
              workers
                  .run("x", () -> 2, _ -> true, _ -> 0)
                  .subscribe()
                  .with(again::complete, again::completeExceptionally);
            });
    assertThat(again)
        .failsWithin(SOON)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(Workers.Busy.class);
  }

  private static CompletionStage<Boolean> of(
      Workers workers,
      String subject,
      CountDownLatch hold,
      LinkedBlockingQueue<Thread> threads,
      boolean settles) {
    return workers
        .run(
            subject,
            () -> {
              boolean held = held(hold);
              threads.add(Thread.currentThread());
              return held;
            },
            _ -> settles,
            _ -> 0)
        .subscribeAsCompletionStage();
  }

  private static Uni<String> late(Workers workers, String result, long nanos) {
    return workers.run(new Object(), () -> result, _ -> false, _ -> nanos);
  }

  private static String taken(LinkedBlockingQueue<String> results) {
    try {
      return Objects.requireNonNullElse(
          results.poll(SOON.toSeconds(), TimeUnit.SECONDS), "nothing");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean held(CountDownLatch hold) {
    try {
      return hold.await(SOON.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(SOON);
  }
}
