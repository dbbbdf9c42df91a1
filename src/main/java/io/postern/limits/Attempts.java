package io.postern.limits;

import io.postern.auth.LoginAttempt;
import io.postern.cancellation.CancellationToken;
import io.postern.config.area.GuardSettings;
import io.postern.config.net.Networks;
import io.postern.limits.LoginGuard.Verdict;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Bounds how many login attempts of one network and of one account verify a password at the same
 * time. The others wait, and are checked again when their turn comes: of a thousand wrong passwords
 * sent at once, all but the first few meet the ban that those caused.
 *
 * <p>An attempt waits out its delay before it takes slots. If it finds a longer delay when its turn
 * comes, it releases the slots and waits for the rest: slots are held while a proof is verified,
 * and never for a client. An attempt from an exempt network takes none.
 */
final class Attempts {
  /** An attempt that has not ended by then is dropped. */
  static final Duration LONGEST = Duration.ofSeconds(60);

  private final ClusterBus bus;
  private final LoginGuard loginGuard;
  private final Supplier<GuardSettings> settings;
  private final Duration longest;

  // Confined to the bus's context.
  private final KeyedSemaphore slots = new KeyedSemaphore();
  private final Map<String, PendingAttempt> current = new HashMap<>();

  /** One attempt of a session; compared by identity. */
  private static final class PendingAttempt {
    final LoginAttempt attempt;
    final UniEmitter<? super Boolean> emitter;

    /** The timer that drops it. */
    long timer;

    PendingAttempt(LoginAttempt attempt, UniEmitter<? super Boolean> emitter) {
      this.attempt = attempt;
      this.emitter = emitter;
    }

    String session() {
      return attempt.client().session();
    }
  }

  /**
   * @param longest how long an attempt may wait and be verified; {@link #LONGEST}, or less in tests
   */
  Attempts(
      ClusterBus bus, LoginGuard loginGuard, Supplier<GuardSettings> settings, Duration longest) {
    this.bus = bus;
    this.loginGuard = loginGuard;
    this.settings = settings;
    this.longest = longest;
  }

  /**
   * Whether the attempt may continue; completes on the bus's context. Fails with {@link
   * TimeoutException} when it has waited too long, and with {@link CancellationException} when the
   * client has gone or {@link #ended} is called before.
   */
  Uni<Boolean> admit(LoginAttempt attempt) {
    return CancellationToken.with(
        token ->
            Uni.createFrom()
                .emitter(
                    emitter -> bus.run(() -> begin(new PendingAttempt(attempt, emitter), token))));
  }

  /** Whether the attempt is banned; takes no slot and waits for no delay. */
  Uni<Boolean> banned(LoginAttempt attempt) {
    return loginGuard.check(attempt).map(Verdict.Banned.class::isInstance);
  }

  /** Ends the session's attempt, also when the session has ended. */
  void ended(String session) {
    bus.run(() -> end(session));
  }

  /** The number of sessions with a running attempt, plus the number of keys with held slots. */
  Uni<Integer> busy() {
    return Uni.createFrom().voidItem().emitOn(bus::run).map(_ -> current.size() + slots.size());
  }

  private void begin(PendingAttempt pending, CancellationToken token) {
    end(pending.session());
    current.put(pending.session(), pending);
    var late = new TimeoutException("not admitted within " + longest);
    pending.timer =
        bus.vertx().setTimer(longest.toMillis(), _ -> bus.run(() -> giveUp(pending, late)));
    var registration =
        token.onCancel(() -> bus.run(() -> giveUp(pending, new CancellationException())));
    pending.emitter.onTermination(registration::remove);
    loginGuard
        .check(pending.attempt)
        .emitOn(bus::run)
        .chain(verdict -> proceed(pending, verdict))
        .subscribe()
        .with(pending.emitter::complete, pending.emitter::fail);
  }

  private Uni<Boolean> proceed(PendingAttempt pending, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Banned() -> refused(pending);
      case Verdict.Exempt() -> Uni.createFrom().item(true);
      case Verdict.Pass pass -> waited(pending, pass, Duration.ZERO);
    };
  }

  /**
   * Waits for the part of the verdict's delay that was not waited before. Delays are bounded by the
   * settings, so this terminates.
   */
  private Uni<Boolean> waited(PendingAttempt pending, Verdict.Pass pass, Duration before) {
    var rest = pass.delay().minus(before);
    if (!rest.isPositive()) {
      return slots(pending, pass, before);
    }
    return Uni.createFrom()
        .<Boolean>emitter(
            emitter -> bus.vertx().setTimer(rest.toMillis(), _ -> emitter.complete(true)))
        .emitOn(bus::run)
        .chain(() -> slots(pending, pass, pass.delay()));
  }

  /** First the network's, then the account's: while waiting for the network it holds no account. */
  private Uni<Boolean> slots(PendingAttempt pending, Verdict.Pass pass, Duration waited) {
    if (current.get(pending.session()) != pending) {
      return Uni.createFrom().nothing();
    }
    var now = settings.get();
    var network = Networks.ofClient(pending.attempt.client().address());
    return slots
        .take("network " + network, now.networkAtOnce(), pending.session())
        .chain(
            queued ->
                pending
                    .attempt
                    .subject()
                    .map(user -> "account " + (pass.familiar() ? network + " " : "") + user)
                    .map(key -> slots.take(key, now.accountAtOnce(), pending.session()))
                    .map(taken -> taken.map(too -> queued || too))
                    .orElseGet(() -> Uni.createFrom().item(queued)))
        .chain(queued -> again(pending, pass, queued, waited));
  }

  /** The verdict lacks failures that came during the check or the wait: checks again then. */
  private Uni<Boolean> again(
      PendingAttempt pending, Verdict.Pass pass, boolean queued, Duration waited) {
    if (!queued && waited.isZero() && !loginGuard.outdated(pass)) {
      return Uni.createFrom().item(true);
    }
    return loginGuard
        .check(pending.attempt)
        .emitOn(bus::run)
        .chain(
            verdict ->
                switch (verdict) {
                  case Verdict.Banned() -> refused(pending);
                  case Verdict.Exempt() -> Uni.createFrom().item(true);
                  case Verdict.Pass newer when newer.delay().compareTo(waited) <= 0 ->
                      Uni.createFrom().item(true);
                  case Verdict.Pass newer -> {
                    free(pending);
                    yield waited(pending, newer, waited);
                  }
                });
  }

  private Uni<Boolean> refused(PendingAttempt pending) {
    remove(pending);
    return Uni.createFrom().item(false);
  }

  private void free(PendingAttempt pending) {
    if (current.get(pending.session()) == pending) {
      slots.free(pending.session());
    }
  }

  private void end(String session) {
    var pending = current.get(session);
    if (pending != null) {
      giveUp(pending, new CancellationException());
    }
    slots.free(session);
  }

  /**
   * Gives back what the attempt holds; the caller of one that was admitted already is not notified.
   */
  private void giveUp(PendingAttempt pending, Exception why) {
    if (remove(pending)) {
      pending.emitter.fail(why);
    }
  }

  /** Returns whether it was there. The timer would hold the attempt, and all that awaits it. */
  private boolean remove(PendingAttempt pending) {
    boolean removed = current.remove(pending.session(), pending);
    if (removed) {
      bus.vertx().cancelTimer(pending.timer);
      slots.free(pending.session());
    }
    return removed;
  }
}
