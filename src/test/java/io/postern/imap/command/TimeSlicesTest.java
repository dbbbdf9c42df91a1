package io.postern.imap.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.cancellation.CancellationToken;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TimeSlicesTest {
  private static final int STEPS_OF_A_SLICE = 4;

  private final ManualEventLoop turns =
      new ManualEventLoop(TimeSlices.SLICE_NANOS / STEPS_OF_A_SLICE);
  private final TimeSlices slices = new TimeSlices(turns, turns::nanoTime);
  private final AtomicInteger steps = new AtomicInteger();

  private Uni<Void> steps(int count) {
    var left = new AtomicInteger(count);
    return slices.repeat(() -> left.get() > 0 && left.getAndDecrement() > 0 && step());
  }

  private boolean step() {
    steps.incrementAndGet();
    return true;
  }

  private static UniAssertSubscriber<Void> subscribed(Uni<Void> work) {
    return work.subscribe().withSubscriber(UniAssertSubscriber.create());
  }

  @Test
  void workIsCutIntoSlices() {
    var end = subscribed(steps(100));
    while (turns.runOne()) {
      int before = steps.get();
      assertThat(before).isLessThanOrEqualTo((turns.turns() + 1) * STEPS_OF_A_SLICE);
    }
    end.assertCompleted();
    assertThat(steps).hasValue(100);
    assertThat(turns.turns()).isGreaterThanOrEqualTo(100 / STEPS_OF_A_SLICE - 1);
  }

  @Test
  void manyShortLoopsShareOneSlice() {
    Uni<Void> all = Uni.createFrom().voidItem();
    for (int i = 0; i < 50; i++) {
      all = all.chain(() -> steps(1));
    }
    var end = subscribed(all);
    assertThat(steps).hasValueLessThanOrEqualTo(STEPS_OF_A_SLICE);
    turns.runAll();
    end.assertCompleted();
    assertThat(steps).hasValue(50);
  }

  @Test
  void aStepLongerThanASliceDoesNotStopTheLoop() {
    var slow = new ManualEventLoop(3 * TimeSlices.SLICE_NANOS);
    var left = new AtomicInteger(5);
    var end =
        subscribed(new TimeSlices(slow, slow::nanoTime).repeat(() -> left.decrementAndGet() > 0));
    slow.runAll();
    end.assertCompleted();
  }

  @Test
  void aCancelledLoopTakesNoFurtherStep() {
    var end = subscribed(steps(100));
    turns.runOne();
    int before = steps.get();
    assertThat(before).isBetween(1, 99);
    end.cancel();
    turns.runAll();
    assertThat(steps).hasValue(before);
  }

  @Test
  void aLoopEndsWhenItsClientHasGone() {
    var token = new CancellationToken();
    var end =
        steps(100).subscribe().withSubscriber(new UniAssertSubscriber<>(token.context(), false));
    turns.runOne();
    int before = steps.get();
    assertThat(before).isBetween(1, 99);
    token.cancel();
    turns.runAll();
    assertThat(steps).hasValue(before);
    end.assertFailedWith(CancellationException.class);
  }

  @Test
  void aStepThatFailsFailsTheLoop() {
    var end =
        subscribed(
            slices.repeat(
                () -> {
                  throw new IllegalStateException("a step");
                }));
    end.assertFailedWith(IllegalStateException.class, "a step");
  }
}
