package io.postern.observe.meter;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postern.model.MailProtocol;
import io.postern.wire.registry.SessionInfo;
import io.vertx.core.net.SocketAddress;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The registry of the platform stays while the application is started again in its process. */
class ProcessMetersTest {
  private static final SessionInfo SESSION =
      new SessionInfo(
          "1",
          MailProtocol.IMAP,
          SocketAddress.inetSocketAddress(49152, "127.0.0.1"),
          SocketAddress.inetSocketAddress(143, "127.0.0.1"),
          false,
          Instant.EPOCH,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  private final CompositeMeterRegistry registry =
      new CompositeMeterRegistry().add(new SimpleMeterRegistry());
  private final ProcessMeters meters = new ProcessMeters(registry);

  @Test
  void gaugesOfThePreviousStartAreRemoved() {
    var last = new SessionMeters(registry);
    last.opened(SESSION);
    assertThat(strangers().value()).isOne();

    meters.forget(null);
    var next = new SessionMeters(registry);
    assertThat(strangers().value()).isZero();
    next.opened(SESSION);
    next.opened(SESSION);
    assertThat(strangers().value()).isEqualTo(2);
  }

  @Test
  void metersOfThePlatformAreKept() {
    registry.counter("http.server.requests");
    meters.forget(null);
    assertThat(registry.find("http.server.requests").counter()).isNotNull();
  }

  @Test
  void garbageCollectionsAreCounted() {
    meters.register(null);
    System.gc();
    assertThat(registry.get("mail.gc").functionCounter().count()).isPositive();
  }

  @Test
  void liveMemoryAfterACollectionIsMeasured() {
    meters.register(null);
    var kept = new byte[8 << 20];
    System.gc();
    double live = registry.get("mail.heap.live").gauge().value();
    assertThat(live).isBetween((double) kept.length, registry.get("mail.heap.max").gauge().value());
    assertThat(kept).isNotEmpty();
  }

  private Gauge strangers() {
    return registry
        .get("mail.connections")
        .tag("protocol", "imap")
        .tag("state", "pre-auth")
        .gauge();
  }
}
