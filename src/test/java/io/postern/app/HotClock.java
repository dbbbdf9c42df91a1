package io.postern.app;

import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The server's clock, which a scenario can advance instead of waiting for minutes. */
@Alternative
@Singleton
public class HotClock implements InstantSource {
  private volatile Duration ahead = Duration.ZERO;

  /** How far it is ahead of the time of day from now on. */
  void ahead(Duration by) {
    ahead = by;
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }
}
