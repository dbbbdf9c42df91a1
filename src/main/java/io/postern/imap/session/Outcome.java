package io.postern.imap.session;

import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** How a command ended: its tagged response (RFC 3501 §7.1), and the changes of state. */
public sealed interface Outcome {
  /**
   * The command succeeded.
   *
   * @param code the response code without brackets, if any
   * @param text for people
   * @param next the new state, when it changes
   * @param terms the new connection state, when it changes
   */
  record Ok(
      Optional<String> code, String text, Optional<State> next, Optional<ConnectionState> terms)
      implements Outcome {
    public Ok code(String code) {
      return new Ok(Optional.of(code), text, next, terms);
    }

    public Ok next(State state) {
      return new Ok(code, text, Optional.of(state), terms);
    }

    public Ok terms(ConnectionState changed) {
      return new Ok(code, text, next, Optional.of(changed));
    }
  }

  /**
   * The command failed.
   *
   * @param code the response code without brackets (RFC 5530), if any
   * @param text for people: what was wrong and what is allowed
   * @param next the new state, when it changes
   */
  record No(Optional<String> code, String text, Optional<State> next) implements Outcome {
    public No next(State state) {
      return new No(code, text, Optional.of(state));
    }
  }

  /**
   * The command was not understood, or is not allowed in this state.
   *
   * @param text for people: what was wrong
   * @param counts whether it is one of the protocol errors that end a session
   */
  record Bad(String text, boolean counts) implements Outcome {}

  /** Success whose tagged response the command sends itself: STARTTLS. */
  record Sent() implements Outcome {}

  /** Success, without a code or a change of state. */
  static Ok ok(String text) {
    return new Ok(Optional.empty(), text, Optional.empty(), Optional.empty());
  }

  /** Failure, with a code. */
  static No no(String code, String text) {
    return new No(Optional.of(code), text, Optional.empty());
  }

  /** Not understood; counts as a protocol error. */
  static Bad bad(String text) {
    return new Bad(text, true);
  }

  /**
   * The command names sequence numbers that do not exist. Clients do so in good faith, {@code FETCH
   * 1:*} in an empty mailbox, so it is BAD (RFC 3501 §9, seq-number) and does not count.
   */
  static Bad noSuchMessage(String text) {
    return new Bad(text, false);
  }

  /** The outcome of a command that completes at once. */
  default Uni<Outcome> now() {
    return Uni.createFrom().item(this);
  }

  /** One word for logs and metrics. */
  default String label() {
    return switch (this) {
      case Ok _, Sent _ -> "ok";
      case No _ -> "no";
      case Bad _ -> "bad";
    };
  }

  /** Failure, without a code. */
  static No no(String text) {
    return new No(Optional.empty(), text, Optional.empty());
  }
}
