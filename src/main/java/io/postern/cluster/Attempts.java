package io.postern.cluster;

import io.postern.auth.Attempt;
import io.postern.cluster.Guard.Verdict;
import io.postern.config.GuardSettings;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Lets attempts to log in through to the slow sums, a few of an account and of a network at a time.
 * The others wait, and are looked at again when it is their turn: of a thousand wrong passwords
 * that come at once, all but the first few meet the ban that those earned.
 */
final class Attempts {
  /** An attempt that nobody ended by then was one whose outcome could not be found out. */
  private static final Duration FORGOTTEN = Duration.ofSeconds(60);

  private final Link link;
  private final Guard guard;
  private final Supplier<GuardSettings> settings;

  // On the link's context only.
  private final Slots slots = new Slots();
  private final Map<String, Object> current = new HashMap<>();

  Attempts(Link link, Guard guard, Supplier<GuardSettings> settings) {
    this.link = link;
    this.guard = guard;
    this.settings = settings;
  }

  /** Whether the attempt may go on; completes, on the link's context, when it may. */
  Uni<Boolean> admit(Attempt attempt) {
    return guard.look(attempt).emitOn(link::here).chain(verdict -> begin(attempt, verdict));
  }

  /** The session's attempt has ended, or the session. */
  void ended(String session) {
    link.here(() -> end(session));
  }

  private Uni<Boolean> begin(Attempt attempt, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Banned() -> Uni.createFrom().item(false);
      case Verdict.Pass pass -> {
        var session = attempt.client().session();
        end(session);
        var turn = new Object();
        current.put(session, turn);
        link.vertx().setTimer(FORGOTTEN.toMillis(), _ -> link.here(() -> forget(session, turn)));
        yield ofAccount(attempt, pass);
      }
    };
  }

  private Uni<Boolean> ofAccount(Attempt attempt, Verdict.Pass pass) {
    var account = Guard.account(attempt);
    var key = pass.familiar() ? account + Guard.network(attempt.client().address()) : account;
    return slots
        .take(key, settings.get().accountAtOnce(), attempt.client().session())
        .chain(waited -> again(attempt, waited, pass))
        .chain(verdict -> later(attempt, verdict));
  }

  private Uni<Boolean> later(Attempt attempt, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Banned() -> refused(attempt);
      case Verdict.Pass pass when pass.delay().isZero() -> ofNetwork(attempt, pass);
      case Verdict.Pass pass ->
          Uni.createFrom()
              .<Boolean>emitter(
                  emitter ->
                      link.vertx().setTimer(pass.delay().toMillis(), _ -> emitter.complete(true)))
              .emitOn(link::here)
              .chain(() -> ofNetwork(attempt, pass));
    };
  }

  private Uni<Boolean> ofNetwork(Attempt attempt, Verdict.Pass pass) {
    var key = "network " + Guard.network(attempt.client().address());
    return slots
        .take(key, settings.get().networkAtOnce(), attempt.client().session())
        .chain(waited -> again(attempt, waited, pass))
        .chain(
            verdict ->
                verdict instanceof Verdict.Banned ? refused(attempt) : Uni.createFrom().item(true));
  }

  private Uni<Verdict> again(Attempt attempt, boolean waited, Verdict.Pass pass) {
    // Who failed while this one was looked at, or while it waited, is not in the verdict.
    return waited || guard.outdated(pass)
        ? guard.look(attempt).emitOn(link::here)
        : Uni.createFrom().item(pass);
  }

  private Uni<Boolean> refused(Attempt attempt) {
    end(attempt.client().session());
    return Uni.createFrom().item(false);
  }

  private void end(String session) {
    current.remove(session);
    slots.free(session);
  }

  private void forget(String session, Object turn) {
    if (current.get(session) == turn) {
      end(session);
    }
  }
}
