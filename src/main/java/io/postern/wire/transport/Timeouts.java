package io.postern.wire.transport;

import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.input.CommandPipeline;
import io.postern.wire.limits.WireLimits;
import io.postern.wire.timer.TimerWheel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Closes a connection whose client is silent, stalls, or does not log in in time. On the
 * connection's context.
 */
final class Timeouts {
  private final TimerWheel wheel;
  private final CommandPipeline pipeline;
  private final SocketOutbox out;
  private final Supplier<WireLimits> limits;
  private final Consumer<CloseReason> close;
  private final TimerWheel.DeadlineTimer timer;

  /** When the connection began, or its user left. {@link TimerWheel#millis} */
  private long unauthenticatedSince = TimerWheel.millis();

  private long silence = Duration.ofMinutes(1).toMillis();
  private CloseReason silenceReason = CloseReason.LOGIN_TIMEOUT;

  /** Milliseconds after that within which a user must log in. */
  private Optional<Long> login = Optional.empty();

  private boolean stopped;

  Timeouts(
      TimerWheel wheel,
      CommandPipeline pipeline,
      SocketOutbox out,
      Supplier<WireLimits> limits,
      Consumer<CloseReason> close) {
    this.wheel = wheel;
    this.pipeline = pipeline;
    this.out = out;
    this.limits = limits;
    this.close = close;
    this.timer = wheel.new DeadlineTimer(this::look);
  }

  /** {@link Connection#timeout}. */
  void silence(Duration length, CloseReason reason) {
    silence = length.toMillis();
    silenceReason = reason;
    watch();
  }

  /** {@link Connection#loginWithin}. */
  void login(Duration time) {
    login = Optional.of(time.toMillis());
    watch();
  }

  /** A user has logged in. */
  void loggedIn() {
    login = Optional.empty();
  }

  /** The user has left. */
  void userLeft() {
    unauthenticatedSince = TimerWheel.millis();
  }

  /** Recomputes the next deadline. */
  void watch() {
    if (!stopped) {
      timer.setDeadline(due());
    }
  }

  /** Runs the task when a closing connection has taken too long to send its last output. */
  void afterFarewell(Runnable cut) {
    wheel.after(limits.get().farewell(), cut);
  }

  /** Stops all time-outs; the connection ends. */
  void stop() {
    stopped = true;
    timer.cancel();
  }

  private long due() {
    long due = loginDue();
    if (pipeline.waitsForClient()) {
      boolean quiet = pipeline.phase().quiet();
      due = Math.min(due, pipeline.since() + (quiet ? silence : stalled()));
    }
    if (out.untaken() > 0) {
      due = Math.min(due, out.taken() + stalled());
    }
    return due;
  }

  /** A running login is not cut off: what the client sent in time is answered. */
  private long loginDue() {
    return login.isEmpty() || pipeline.phase().serverActs()
        ? TimerWheel.NEVER
        : unauthenticatedSince + login.get();
  }

  private long stalled() {
    return limits.get().stalled().toMillis();
  }

  private void look() {
    if (stopped || due() > TimerWheel.millis()) {
      watch();
      return;
    }
    close.accept(reason());
  }

  private CloseReason reason() {
    if (loginDue() <= TimerWheel.millis()) {
      return CloseReason.LOGIN_TIMEOUT;
    }
    boolean quiet = pipeline.phase().quiet() && TimerWheel.millis() >= pipeline.since() + silence;
    return quiet ? silenceReason : CloseReason.STALLED;
  }
}
