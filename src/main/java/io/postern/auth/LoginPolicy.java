package io.postern.auth;

import io.smallrye.mutiny.Uni;
import java.util.Optional;

/**
 * Stands before and behind every attempt to log in, whatever the protocol and the mechanism: here
 * guards delay and ban, limits count, and the audit writes. Called on the connection's context;
 * must not block. For each attempt {@link #admit} comes first; when it lets pass, exactly one of
 * {@link #failed} and {@link #enter} follows, or none when the client goes away or the answer can't
 * be found out. Between them a proof is verified and a client is never awaited: a mechanism of
 * several rounds asks {@link #precheck} before it awaits one, and {@link #admit} when it has all.
 * The subject of an attempt has been read when it comes here.
 */
public interface LoginPolicy {
  /** All may try, all may enter, nobody takes notes. */
  LoginPolicy OPEN = new LoginPolicy() {};

  /**
   * Whether the attempt is banned, asked before a mechanism of several rounds begins. Delays
   * nothing and holds nothing.
   *
   * @return why it is not to go on; empty to go on. A failure of the Uni refuses with {@link
   *     Refusal#UNAVAILABLE}.
   */
  default Uni<Optional<Refusal>> precheck(LoginAttempt attempt) {
    return Uni.createFrom().item(Optional.empty());
  }

  /**
   * Before anything is looked up: may this be tried? It completes late to slow somebody down. To
   * tell nobody that they are banned, refuse with {@link Refusal#CREDENTIALS}.
   *
   * @return why not; empty to go on. A failure of the Uni refuses with {@link Refusal#UNAVAILABLE}.
   */
  default Uni<Optional<Refusal>> admit(LoginAttempt attempt) {
    return Uni.createFrom().item(Optional.empty());
  }

  /**
   * After the proof: they are this user and may. The last chance to refuse, by the number of their
   * connections ({@link Refusal#TOO_MANY}); who wants to know when the session ends watches the
   * register of sessions for {@code attempt.client().session()}.
   *
   * @return why not; empty to let in. A failure of the Uni refuses with {@link
   *     Refusal#UNAVAILABLE}.
   */
  default Uni<Optional<Refusal>> enter(LoginAttempt attempt, Identity identity) {
    return Uni.createFrom().item(Optional.empty());
  }

  /** They were not let in for this reason, which the client is not told. */
  default void failed(LoginAttempt attempt, Failure why) {}

  /**
   * Nothing of the attempt is being verified any more, whatever came of it: what {@link #admit}
   * holds for it is given back. May be called more than once.
   */
  default void ended(LoginAttempt attempt) {}
}
