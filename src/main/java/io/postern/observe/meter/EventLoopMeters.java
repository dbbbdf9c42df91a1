package io.postern.observe.meter;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.util.concurrent.ScheduledFuture;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Measures how late event loops are. Each loop runs a task ten times a second; by the delay of that
 * task every connection of the loop waits as well. A blocked loop runs the missed tasks afterwards,
 * so that the share of late runs is the share of time in which the loop was late.
 */
@Singleton
class EventLoopMeters {
  static final Duration PERIOD = Duration.ofMillis(100);

  private final VertxInternal vertx;
  private final Timer delay;
  private final List<ScheduledFuture<?>> tasks = new CopyOnWriteArrayList<>();

  EventLoopMeters(Vertx vertx, MeterRegistry registry) {
    this.vertx = (VertxInternal) vertx;
    this.delay =
        Timer.builder("mail.event.loop.delay")
            .description("how late a task ran on an event loop")
            .serviceLevelObjectives(Buckets.COMMANDS)
            .register(registry);
  }

  void begin(@Observes StartupEvent event) {
    long period = PERIOD.toNanos();
    for (var loop : vertx.getEventLoopGroup()) {
      var probe = new Probe(delay, System::nanoTime);
      tasks.add(loop.next().scheduleAtFixedRate(probe, period, period, TimeUnit.NANOSECONDS));
    }
  }

  void stop(@Observes ShutdownEvent event) {
    tasks.forEach(task -> task.cancel(false));
  }

  /** The task of one loop, run by its thread only; its first run is due one period from now. */
  static final class Probe implements Runnable {
    private final Timer delay;
    private final LongSupplier nanoTime;
    private long due;

    Probe(Timer delay, LongSupplier nanoTime) {
      this.delay = delay;
      this.nanoTime = nanoTime;
      this.due = nanoTime.getAsLong() + PERIOD.toNanos();
    }

    @Override
    public void run() {
      delay.record(Math.max(0, nanoTime.getAsLong() - due), TimeUnit.NANOSECONDS);
      due += PERIOD.toNanos();
    }
  }
}
