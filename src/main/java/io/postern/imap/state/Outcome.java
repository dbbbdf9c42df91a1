package io.postern.imap.state;

import io.postern.imap.response.ResponseCode;
import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.wire.Pipe;
import io.postern.wire.StreamStage;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** How a command ended: its tagged response (RFC 3501 §7.1), and the changes of state. */
public sealed interface Outcome {
  /** An outcome with a tagged response. */
  sealed interface Tagged extends Outcome {
    /** The tagged response. */
    default StatusResponse response() {
      return switch (this) {
        case Ok ok -> new StatusResponse(Condition.OK, ok.code, ok.text);
        case No no -> new StatusResponse(Condition.NO, no.code, no.text);
        case Bad bad -> new StatusResponse(Condition.BAD, bad.code, bad.text);
      };
    }
  }

  /**
   * The command succeeded.
   *
   * @param code the response code, if any
   * @param text for people
   * @param next the new state, when it changes
   * @param connection the new connection state, when it changes
   * @param stage of the connection's stream that begins behind the tagged line (RFC 3501 §6.2.1)
   * @param changed whether it changed which messages are in the selected mailbox: a client that
   *     keeps mod-sequences gets the mailbox's (RFC 7162 §3.2.7)
   * @param limit the code of a command that handled a part of its messages (RFC 9738 §3.1)
   */
  record Ok(
      Optional<ResponseCode> code,
      String text,
      Optional<State> next,
      Optional<ConnectionState> connection,
      Optional<StreamStage> stage,
      boolean changed,
      Optional<ResponseCode> limit)
      implements Tagged {
    public Ok code(ResponseCode code) {
      return new Ok(Optional.of(code), text, next, connection, stage, changed, limit);
    }

    public Ok next(State state) {
      return new Ok(code, text, Optional.of(state), connection, stage, changed, limit);
    }

    public Ok connection(ConnectionState other) {
      return new Ok(code, text, next, Optional.of(other), stage, changed, limit);
    }

    public Ok switchingTo(StreamStage stage) {
      return new Ok(code, text, next, connection, Optional.of(stage), changed, limit);
    }

    public Ok changed(boolean messages) {
      return new Ok(code, text, next, connection, stage, messages, limit);
    }

    public Ok limitedTo(ResponseCode part) {
      return new Ok(code, text, next, connection, stage, changed, Optional.of(part));
    }
  }

  /**
   * The command failed.
   *
   * @param code the response code (RFC 5530), if any
   * @param text for people: what was wrong and what is allowed
   * @param next the new state, when it changes
   */
  record No(Optional<ResponseCode> code, String text, Optional<State> next) implements Tagged {
    public No next(State state) {
      return new No(code, text, Optional.of(state));
    }

    /** Whether it has this code. */
    public boolean has(String name) {
      return code.equals(Optional.of(new ResponseCode.Atom(name)));
    }
  }

  /**
   * The command was not understood, or is not allowed in this state.
   *
   * @param code the response code, if any
   * @param text for people: what was wrong
   * @param counts whether it is one of the protocol errors that end a session
   */
  record Bad(Optional<ResponseCode> code, String text, boolean counts) implements Tagged {}

  /**
   * A login succeeded at the user's home site: its response follows, and the client is connected
   * with that site.
   *
   * @param response of the home site, without the tag and the line end
   * @param pipe whose answer is what that site sent behind the response
   */
  record PassedOn(String response, Pipe pipe) implements Outcome {}

  /** The command ended the connection with a BYE: no tagged response follows. */
  record Bye() implements Outcome {}

  /** Success, without a code or a change of state. */
  static Ok ok(String text) {
    return new Ok(
        Optional.empty(),
        text,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty());
  }

  /** Failure, with a code that has no arguments. */
  static No no(String code, String text) {
    return no(new ResponseCode.Atom(code), text);
  }

  /** Failure, with a code. */
  static No no(ResponseCode code, String text) {
    return new No(Optional.of(code), text, Optional.empty());
  }

  /** Failure, without a code. */
  static No no(String text) {
    return new No(Optional.empty(), text, Optional.empty());
  }

  /** Not understood; counts as a protocol error. */
  static Bad bad(String text) {
    return new Bad(Optional.empty(), text, true);
  }

  /** Not understood, with a code that has no arguments; counts as a protocol error. */
  static Bad bad(String code, String text) {
    return new Bad(Optional.of(new ResponseCode.Atom(code)), text, true);
  }

  /**
   * The command names sequence numbers that do not exist. Clients do so in good faith, {@code FETCH
   * 1:*} in an empty mailbox, so it is BAD (RFC 3501 §9, seq-number) and does not count.
   */
  static Bad noSuchMessage(String text) {
    return new Bad(Optional.empty(), text, false);
  }

  /** The outcome of a command that completes at once. */
  default Uni<Outcome> now() {
    return Uni.createFrom().item(this);
  }

  /** One word for logs and metrics. */
  default String label() {
    return switch (this) {
      case Ok _, PassedOn _, Bye _ -> "ok";
      case No _ -> "no";
      case Bad _ -> "bad";
    };
  }
}
