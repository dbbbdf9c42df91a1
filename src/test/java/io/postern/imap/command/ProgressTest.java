package io.postern.imap.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.imap.response.ResponseCode;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A command says that it still runs when its interval is over, and not before. */
class ProgressTest {
  private static final ResponseCode UNKNOWN =
      new ResponseCode.InProgress("a1", OptionalLong.empty(), OptionalLong.empty());

  private final List<ResponseCode> sent = new ArrayList<>();
  private final List<Runnable> timers = new ArrayList<>();
  private final List<Duration> delays = new ArrayList<>();
  private long now;
  private final Progress progress =
      new Progress(
          "a1",
          (delay, task) -> {
            delays.add(delay);
            timers.add(task);
            return () -> timers.remove(task);
          },
          () -> now,
          sent::add);

  private static ResponseCode at(long done, long goal) {
    return new ResponseCode.InProgress("a1", OptionalLong.of(done), OptionalLong.of(goal));
  }

  @Test
  void reportsOnceAnInterval() {
    long interval = Progress.INTERVAL.toNanos();
    now = interval - 1;
    progress.report(1, 9);
    assertThat(sent).isEmpty();
    now = interval;
    progress.report(2, 9);
    progress.report(3, 9);
    assertThat(sent).containsExactly(at(2, 9));
    now = 2 * interval - 1;
    progress.report(4, 9);
    assertThat(sent).hasSize(1);
    now = 2 * interval;
    progress.report(5, 9);
    assertThat(sent).containsExactly(at(2, 9), at(5, 9));
  }

  @Test
  void reportsWhileWorkIsUnderWayAndNotAfterIt() {
    var emitters = new ArrayList<UniEmitter<? super String>>();
    var results = new ArrayList<String>();
    progress
        .during(() -> Uni.createFrom().<String>emitter(emitters::add))
        .subscribe()
        .with(results::add);
    assertThat(delays).containsExactly(Progress.INTERVAL);
    timers.removeFirst().run();
    timers.removeFirst().run();
    assertThat(sent).containsExactly(UNKNOWN, UNKNOWN);
    emitters.getFirst().complete("done");
    assertThat(results).containsExactly("done");
    assertThat(timers).isEmpty();
  }

  @Test
  void reportsNothingOfWorkThatWasCancelled() {
    var work = progress.during(() -> Uni.createFrom().<String>nothing()).subscribe().with(_ -> {});
    assertThat(timers).hasSize(1);
    work.cancel();
    assertThat(timers).isEmpty();
    assertThat(sent).isEmpty();
  }
}
