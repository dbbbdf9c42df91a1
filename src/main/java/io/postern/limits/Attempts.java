package io.postern.limits;

import io.postern.auth.LoginAttempt;
import io.postern.cancellation.CancellationToken;
import io.postern.config.GuardSettings;
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
 * Lets attempts to log in through to the slow sums, a few of a network and of an account at a time.
 * The others wait, and are looked at again when it is their turn: of a thousand wrong passwords
 * that come at once, all but the first few meet the ban that those earned.
 *
 * <p>A delay is waited before the slots are taken, and whoever finds a longer one when it is their
 * turn gives the slots back and waits for the rest: so slots are held while a proof is verified,
 * and never for a client. An attempt from a network that is exempt takes none.
 */
final class Attempts {
  /** An attempt that has not ended by then is given up. */
  static final Duration LONGEST = Duration.ofSeconds(60);

  private final ClusterBus bus;
  private final LoginGuard loginGuard;
  private final Supplier<GuardSettings> settings;
  private final Duration longest;

  // On the link's context only.
  private final KeyedSemaphore slots = new KeyedSemaphore();
  private final Map<String, Turn> current = new HashMap<>();

  /** One attempt of a session; compared by identity. */
  private static final class Turn {
    final LoginAttempt attempt;
    final UniEmitter<? super Boolean> emitter;

    Turn(LoginAttempt attempt, UniEmitter<? super Boolean> emitter) {
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
   * Whether the attempt may go on; completes, on the link's context, when it may. Fails with {@link
   * TimeoutException} when it has waited too long, and with {@link CancellationException} when the
   * client has gone or {@link #ended} comes before.
   */
  Uni<Boolean> admit(LoginAttempt attempt) {
    return CancellationToken.with(
        token ->
            Uni.createFrom()
                .emitter(emitter -> bus.here(() -> begin(new Turn(attempt, emitter), token))));
  }

  /** Whether the attempt is banned; takes no slot and waits for no delay. */
  Uni<Boolean> banned(LoginAttempt attempt) {
    return loginGuard.look(attempt).map(Verdict.Banned.class::isInstance);
  }

  /** The session's attempt has ended, or the session. */
  void ended(String session) {
    bus.here(() -> end(session));
  }

  /** How many sessions have an attempt under way, and for how many keys slots are held. */
  Uni<Integer> busy() {
    return Uni.createFrom().voidItem().emitOn(bus::here).map(_ -> current.size() + slots.size());
  }

  private void begin(Turn turn, CancellationToken token) {
    end(turn.session());
    current.put(turn.session(), turn);
    var late = new TimeoutException("not admitted within " + longest);
    bus.vertx().setTimer(longest.toMillis(), _ -> bus.here(() -> giveUp(turn, late)));
    var gone = token.onCancel(() -> bus.here(() -> giveUp(turn, new CancellationException())));
    turn.emitter.onTermination(gone::remove);
    loginGuard
        .look(turn.attempt)
        .emitOn(bus::here)
        .chain(verdict -> proceed(turn, verdict))
        .subscribe()
        .with(turn.emitter::complete, turn.emitter::fail);
  }

  private Uni<Boolean> proceed(Turn turn, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Banned() -> refused(turn);
      case Verdict.Exempt() -> Uni.createFrom().item(true);
      case Verdict.Pass pass -> waited(turn, pass, Duration.ZERO);
    };
  }

  /**
   * Waits what the verdict's delay is longer than what was waited before. Delays are bounded by the
   * settings, so this comes to an end.
   */
  private Uni<Boolean> waited(Turn turn, Verdict.Pass pass, Duration before) {
    var rest = pass.delay().minus(before);
    if (!rest.isPositive()) {
      return slots(turn, pass, before);
    }
    return Uni.createFrom()
        .<Boolean>emitter(
            emitter -> bus.vertx().setTimer(rest.toMillis(), _ -> emitter.complete(true)))
        .emitOn(bus::here)
        .chain(() -> slots(turn, pass, pass.delay()));
  }

  /**
   * First the network's, then the account's: who waits for others of a network holds no account.
   */
  private Uni<Boolean> slots(Turn turn, Verdict.Pass pass, Duration waited) {
    if (current.get(turn.session()) != turn) {
      return Uni.createFrom().nothing();
    }
    var now = settings.get();
    var network = LoginGuard.network(turn.attempt.client().address());
    return slots
        .take("network " + network, now.networkAtOnce(), turn.session())
        .chain(
            queued ->
                turn.attempt
                    .subject()
                    .map(user -> "account " + (pass.familiar() ? network + " " : "") + user)
                    .map(key -> slots.take(key, now.accountAtOnce(), turn.session()))
                    .map(taken -> taken.map(too -> queued || too))
                    .orElseGet(() -> Uni.createFrom().item(queued)))
        .chain(queued -> again(turn, pass, queued, waited));
  }

  /** Who failed while this one was looked at, or while it waited, is not in the verdict. */
  private Uni<Boolean> again(Turn turn, Verdict.Pass pass, boolean queued, Duration waited) {
    if (!queued && waited.isZero() && !loginGuard.outdated(pass)) {
      return Uni.createFrom().item(true);
    }
    return loginGuard
        .look(turn.attempt)
        .emitOn(bus::here)
        .chain(
            verdict ->
                switch (verdict) {
                  case Verdict.Banned() -> refused(turn);
                  case Verdict.Exempt() -> Uni.createFrom().item(true);
                  case Verdict.Pass newer when newer.delay().compareTo(waited) <= 0 ->
                      Uni.createFrom().item(true);
                  case Verdict.Pass newer -> {
                    free(turn);
                    yield waited(turn, newer, waited);
                  }
                });
  }

  private Uni<Boolean> refused(Turn turn) {
    if (current.remove(turn.session(), turn)) {
      slots.free(turn.session());
    }
    return Uni.createFrom().item(false);
  }

  private void free(Turn turn) {
    if (current.get(turn.session()) == turn) {
      slots.free(turn.session());
    }
  }

  private void end(String session) {
    var turn = current.get(session);
    if (turn != null) {
      giveUp(turn, new CancellationException());
    }
    slots.free(session);
  }

  /** Gives back what the attempt holds; one that was admitted already is not told why. */
  private void giveUp(Turn turn, Exception why) {
    if (current.remove(turn.session(), turn)) {
      slots.free(turn.session());
      turn.emitter.fail(why);
    }
  }
}
