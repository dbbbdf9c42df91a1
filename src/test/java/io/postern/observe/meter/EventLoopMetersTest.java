package io.postern.observe.meter;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postern.Eventually;
import io.postern.observe.meter.EventLoopMeters.Probe;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A late event loop shows, for as long as it was late. */
@Timeout(60)
class EventLoopMetersTest {
  private static final long PERIOD = EventLoopMeters.PERIOD.toNanos();

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void aPunctualTaskHasNoDelay() {
    var now = new AtomicLong(Long.MAX_VALUE);
    var timer = Timer.builder("t").register(registry);
    var probe = new Probe(timer, now::get);
    for (int i = 0; i < 3; i++) {
      now.addAndGet(PERIOD);
      probe.run();
    }
    assertThat(timer.count()).isEqualTo(3);
    assertThat(timer.totalTime(TimeUnit.NANOSECONDS)).isZero();
  }

  @Test
  void aBlockedLoopReportsTheDelayOfEachMissedRun() {
    var now = new AtomicLong();
    var timer = Timer.builder("t").register(registry);
    var probe = new Probe(timer, now::get);
    // Blocked for ten periods: the missed runs follow at once.
    now.set(10 * PERIOD);
    for (int i = 0; i < 10; i++) {
      probe.run();
    }
    assertThat(timer.max(TimeUnit.NANOSECONDS)).isEqualTo(9.0 * PERIOD);
    assertThat(timer.totalTime(TimeUnit.NANOSECONDS)).isEqualTo(45.0 * PERIOD);
  }

  @Test
  void everyLoopIsMeasured() {
    var vertx = Vertx.vertx();
    try {
      var meters = new EventLoopMeters(vertx, registry);
      meters.begin(new StartupEvent());
      var timer = registry.get("mail.event.loop.delay").timer();
      Eventually.holds("20 delays are measured", () -> timer.count() >= 20);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
