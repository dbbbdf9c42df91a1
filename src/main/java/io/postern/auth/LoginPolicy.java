package io.postern.auth;

import io.smallrye.mutiny.Uni;
import java.util.Optional;

/**
 * Checks every login attempt before and after its proof, for every protocol and mechanism: the
 * login guard delays and bans, limits count connections, and the audit log records. Called on the
 * connection's context; must not block. {@link #admit} comes first for each attempt; if it admits,
 * exactly one of {@link #failed} and {@link #accept} follows, or none when the client disconnects
 * or the login can't be decided. Between them a proof is verified and the client is never awaited:
 * a mechanism of several rounds calls {@link #precheck} before it awaits the client, and {@link
 * #admit} when it has all. The attempt's subject is parsed before any call.
 */
public interface LoginPolicy {
  /** Admits every attempt, accepts every user and records nothing. */
  LoginPolicy OPEN = new LoginPolicy() {};

  /**
   * Checks for a ban before a mechanism of several rounds begins. Delays nothing and holds nothing.
   *
   * @return the reason to refuse; empty to go on. A {@code StoreException} refuses with {@link
   *     Refusal#UNAVAILABLE}; any other failure is a fault.
   */
  default Uni<Optional<Refusal>> precheck(LoginAttempt attempt) {
    return Uni.createFrom().item(Optional.empty());
  }

  /**
   * Decides, before any lookup, whether the attempt may be tried. Completes late to delay an
   * attempt. To hide a ban, refuse with {@link Refusal#CREDENTIALS}.
   *
   * @return the reason to refuse; empty to go on. A {@code StoreException} refuses with {@link
   *     Refusal#UNAVAILABLE}; any other failure is a fault.
   */
  default Uni<Optional<Refusal>> admit(LoginAttempt attempt) {
    return Uni.createFrom().item(Optional.empty());
  }

  /**
   * Called after the proof succeeded: the last chance to refuse, by the number of the user's
   * connections ({@link Refusal#TOO_MANY}), or because the user's access was revoked since the
   * attempt began ({@link Refusal#UNAVAILABLE}). To learn when the session ends, watch {@code
   * attempt.client().session()} in the session registry.
   *
   * @return the reason to refuse; empty to accept. A {@code StoreException} refuses with {@link
   *     Refusal#UNAVAILABLE}; any other failure is a fault.
   */
  default Uni<Optional<Refusal>> accept(LoginAttempt attempt, Identity identity) {
    return Uni.createFrom().item(Optional.empty());
  }

  /**
   * Called after the proof succeeded, in place of {@link #accept}, when the user's home is another
   * site, which counts the session: nothing is refused here.
   */
  default void passOn(LoginAttempt attempt, Identity identity) {}

  /** Records that the login has created the account of a user of the directory. */
  default void accountCreated(LoginAttempt attempt, String account) {}

  /** Records why the login failed; the client does not learn the reason. */
  default void failed(LoginAttempt attempt, Failure why) {}

  /**
   * The verification has ended, whatever its result: releases what {@link #admit} holds for the
   * attempt. May be called more than once.
   */
  default void ended(LoginAttempt attempt) {}
}
