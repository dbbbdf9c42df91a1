package io.postern.wire.limits;

import io.postern.wire.timer.TimerWheel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** The limits of one connection, stricter until its user has logged in. */
public final class LoginLimits {
  private final Supplier<WireLimits> limits;
  private Optional<Pacer> pacer;
  private boolean authenticated;

  /** Octets counted in the budget of unauthenticated connections. */
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

  /** The user has left: the limits of an unauthenticated connection apply again. */
  public void userLeft() {
    authenticated = false;
    pacer = strict().map(strict -> new Pacer(strict.burst(), TimerWheel.millis()));
  }

  /** The bounds on one command, or on a line that a command awaits. */
  public CommandLimits framing(boolean awaited) {
    return limits.get().framing(authenticated, awaited);
  }

  /** How many octets may be read ahead: the limit before login, else {@code most}. */
  public int ahead(int most) {
    return strict().map(WireLimits.Unauthenticated::ahead).orElse(most);
  }

  /**
   * Whether a paused socket may go on reading: Vert.x stops only when 16 reads are kept back, which
   * is too much before login.
   */
  public boolean readsWhenPaused() {
    return strict().isEmpty();
  }

  /** Counts a command; returns the delay of the next one, empty when that depends on the user. */
  public Optional<Duration> pace() {
    return pacer.map(it -> it.ran(TimerWheel.millis()));
  }

  /**
   * Updates the number of octets from the client that are kept in memory.
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

  /** Gives back the counted octets: nothing is kept in memory any more. */
  public void release() {
    var _ = keeps(0);
  }
}
