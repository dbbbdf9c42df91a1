package io.postern.observe.meter;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Process meters that the platform lacks: garbage collection time, in a native executable, too, and
 * live heap. Also removes the meters of one start of the application before another start in the
 * same process, as in development mode.
 */
@Singleton
class ProcessMeters {
  private final MeterRegistry registry;
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans();
  private final List<MemoryPoolMXBean> heap =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .toList();

  ProcessMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** The platform's {@code jvm.gc.pause} needs notifications, which no native executable has. */
  void register(@Observes @Nullable StartupEvent event) {
    FunctionCounter.builder("mail.gc", collectors, ProcessMeters::seconds)
        .description("garbage collection time")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder("mail.heap.live", heap, ProcessMeters::live)
        .description("heap in use after the last collection, all pools together")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("mail.heap.max", Runtime.getRuntime(), Runtime::maxMemory)
        .description("the maximum heap")
        .baseUnit("bytes")
        .register(registry);
  }

  /**
   * Runs after all other shutdown observers, whose events are still counted. A gauge that stayed in
   * the registry would read a stopped component, or be missing once that is collected.
   */
  void forget(@Observes @Priority(Integer.MAX_VALUE) @Nullable ShutdownEvent event) {
    List.copyOf(registry.getMeters()).stream()
        .filter(it -> it.getId().getName().startsWith("mail."))
        .forEach(registry::remove);
  }

  /** A pool that was never collected counts as zero. */
  private static double live(List<MemoryPoolMXBean> heap) {
    return heap.stream()
        .map(MemoryPoolMXBean::getCollectionUsage)
        .filter(Objects::nonNull)
        .mapToLong(MemoryUsage::getUsed)
        .sum();
  }

  private static double seconds(List<GarbageCollectorMXBean> collectors) {
    // -1 where a collector does not support it.
    return collectors.stream().mapToLong(it -> Math.max(0, it.getCollectionTime())).sum() / 1000.0;
  }
}
