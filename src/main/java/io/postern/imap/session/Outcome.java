package io.postern.imap.session;

import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** How a command ended: its tagged line (RFC 3501 §7.1), and what is different from now on. */
public sealed interface Outcome {
  /**
   * It did what was asked.
   *
   * @param code the response code without brackets, if any
   * @param text for people
   * @param next the state from now on, when it changes
   * @param terms the terms from now on, when they change
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
   * It could not be done.
   *
   * @param code the response code without brackets (RFC 5530), if any
   * @param text for people: what was wrong and what is allowed
   * @param next the state from now on, when it changes
   */
  record No(Optional<String> code, String text, Optional<State> next) implements Outcome {
    public No next(State state) {
      return new No(code, text, Optional.of(state));
    }
  }

  /**
   * It was not understood, or can't be said in this state.
   *
   * @param text for people: what was wrong
   * @param counts whether it is one of the protocol errors that end a session
   */
  record Bad(String text, boolean counts) implements Outcome {}

  /** Done, and its tagged line goes out by itself: STARTTLS. */
  record Sent() implements Outcome {}

  /** Done, with no code and no change. */
  static Ok ok(String text) {
    return new Ok(Optional.empty(), text, Optional.empty(), Optional.empty());
  }

  /** Not done, with a code. */
  static No no(String code, String text) {
    return new No(Optional.of(code), text, Optional.empty());
  }

  /** Not understood; counts as a protocol error. */
  static Bad bad(String text) {
    return new Bad(text, true);
  }

  /**
   * Messages are numbered that are not there. Clients do so in good faith, {@code FETCH 1:*} in an
   * empty mailbox, so that it is BAD (RFC 3501 §9, seq-number) and does not count.
   */
  static Bad noSuchMessage(String text) {
    return new Bad(text, false);
  }

  /** As the result of a command that is done at once. */
  default Uni<Outcome> now() {
    return Uni.createFrom().item(this);
  }

  /** One word for logs and meters. */
  default String label() {
    return switch (this) {
      case Ok _, Sent _ -> "ok";
      case No _ -> "no";
      case Bad _ -> "bad";
    };
  }

  /** Not done, without a code. */
  static No no(String text) {
    return new No(Optional.empty(), text, Optional.empty());
  }
}
