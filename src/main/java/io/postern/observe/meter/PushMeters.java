package io.postern.observe.meter;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.postern.push.HintMeter;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Meters of push between nodes. */
@Singleton
public class PushMeters implements HintMeter {
  private final Counter published;
  private final Counter received;
  private final Map<Dropped, Counter> dropped = new ConcurrentHashMap<>();
  private final MeterRegistry registry;
  private final AtomicInteger subscriptions = new AtomicInteger();

  PushMeters(MeterRegistry registry) {
    this.registry = registry;
    published =
        Counter.builder("mail.push.hints.published")
            .description("hints sent to Redis")
            .register(registry);
    received =
        Counter.builder("mail.push.hints.received")
            .description("hints received from Redis, this node's own included")
            .register(registry);
    for (var why : Dropped.values()) {
      dropped.put(why, counter(why));
    }
    Gauge.builder("mail.push.subscriptions", subscriptions, AtomicInteger::get)
        .description("accounts that this node is subscribed to")
        .register(registry);
  }

  private Counter counter(Dropped why) {
    return Counter.builder("mail.push.hints.dropped")
        .description("dropped hints")
        .tag("reason", why.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }

  @Override
  public void published() {
    published.increment();
  }

  @Override
  public void received() {
    received.increment();
  }

  @Override
  public void dropped(Dropped why) {
    dropped.computeIfAbsent(why, this::counter).increment();
  }

  @Override
  public void subscribed(int more) {
    subscriptions.addAndGet(more);
  }
}
