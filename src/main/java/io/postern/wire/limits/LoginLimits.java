package io.postern.wire.limits;

import io.postern.wire.input.Framer;
import io.postern.wire.timer.TimerWheel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** What a connection may cost until its user has logged in, and what from then on. */
public final class LoginLimits {
  private final Supplier<WireLimits> limits;
  private Optional<Pacer> pacer;
  private boolean authenticated;

  /** Octets that are counted in the budget of unauthenticated connections. */
  private long counted;

  public LoginLimits(Supplier<WireLimits> limits) {
    this.limits = limits;
    this.pacer = strict().map(strict -> new Pacer(strict.burst(), TimerWheel.millis()));
  }

  private Optional<WireLimits.Unauthenticated> strict() {
    return authenticated ? Optional.empty() : limits.get().unauthenticated();
  }

  public boolean isAuthenticated() {
    return authenticated;
  }

  public void loggedIn() {
    authenticated = true;
    pacer = Optional.empty();
  }

  /** How much is read of one command, or of a line that a command awaits. */
  public Framer.Limits framing(boolean awaited) {
    return limits.get().framing(authenticated, awaited);
  }

  /** How many octets may be read ahead, where a user may send so many. */
  public int ahead(int most) {
    return strict().map(WireLimits.Unauthenticated::ahead).orElse(most);
  }

  /**
   * Whether a socket that is paused may go on reading: Vert.x stops only when 16 reads are kept
   * back, which is too much before login.
   */
  public boolean readsWhenPaused() {
    return strict().isEmpty();
  }

  /** A command has run; how long the next one waits. Empty when that depends on the user. */
  public Optional<Duration> pace() {
    return pacer.map(it -> it.ran(TimerWheel.millis()));
  }

  /**
   * So many octets from the client are kept in memory now.
   *
   * @return whether that is within the budget of unauthenticated connections
   */
  public boolean keeps(long octets) {
    if (authenticated && counted == 0) {
      return true;
    }
    var budget = limits.get().unauthenticated().map(WireLimits.Unauthenticated::budget);
    if (budget.isEmpty()) {
      return true;
    }
    long before = counted;
    counted = authenticated ? 0 : octets;
    return budget.get().change(before, counted);
  }
}
