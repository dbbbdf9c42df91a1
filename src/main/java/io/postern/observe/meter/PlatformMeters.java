package io.postern.observe.meter;

import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Which meters of the platform are not kept. */
final class PlatformMeters {
  private PlatformMeters() {}

  /**
   * {@code tcp.connections} has a timer for each open connection, which takes a few hundred octets
   * while a session is idle, and a look at each of them at every scrape. {@code mail.connections}
   * and {@code tcp.active.connections} count them.
   */
  @Produces
  @Singleton
  static MeterFilter withoutConnectionTimes() {
    return MeterFilter.denyNameStartsWith("tcp.connections");
  }
}
