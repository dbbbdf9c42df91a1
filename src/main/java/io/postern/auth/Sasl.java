package io.postern.auth;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Function;

/** Simple Authentication and Security Layer (RFC 4422): what AUTHENTICATE and AUTH speak. */
public final class Sasl {
  private Sasl() {}

  /** One way to prove who one is. Stateless: an exchange is in the steps. */
  public interface Mechanism {
    /** Its registered name, upper case. */
    String name();

    /** Whether the secret crosses the wire as it is, so that it wants TLS below. */
    boolean plainText();

    /**
     * Begins an exchange.
     *
     * @param initialResponse what the client sent with its command, decoded from Base64; empty when
     *     it sent none, which is not the same as an empty response
     */
    Uni<Step> start(Optional<Buffer> initialResponse);
  }

  /** What the server does next. */
  public sealed interface Step {
    /**
     * Send this and give the client's response, decoded, to the next step.
     *
     * @param text what to send, before its Base64; may be empty
     */
    record Challenge(Buffer text, Function<Buffer, Uni<Step>> next) implements Step {}

    /** It is this user. */
    record Done(Identity identity) implements Step {}

    /** It is not. */
    record Refused(Reason reason) implements Step {}
  }

  /** Why an exchange failed. */
  public enum Reason {
    /** The message is not what the mechanism asks for: a protocol error. */
    MALFORMED,
    /** The name or the proof is wrong, or the account is disabled. */
    CREDENTIALS,
    /** The user is who they say, but may not act as the other one they named. */
    NOT_AUTHORIZED,
    /** It can't be found out now; trying again may help. */
    UNAVAILABLE
  }

  /** The step that a login's result comes to. */
  static Step step(Login.Result result) {
    return switch (result) {
      case Login.Result.Welcome(var identity) -> new Step.Done(identity);
      case Login.Result.Refused() -> new Step.Refused(Reason.CREDENTIALS);
      case Login.Result.Unavailable() -> new Step.Refused(Reason.UNAVAILABLE);
    };
  }
}
