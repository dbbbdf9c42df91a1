package io.postern.auth;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Simple Authentication and Security Layer (RFC 4422): what AUTHENTICATE and AUTH speak. */
public final class Sasl {
  /**
   * How long a client has for each line of an exchange, its pieces together: programs answer at
   * once, or ask a ticket server before. The connection is closed then.
   */
  public static final Duration LINE_DEADLINE = Duration.ofSeconds(15);

  private Sasl() {}

  /** One way to prove who one is. Stateless: an exchange is in the steps. */
  public interface Mechanism {
    /** Its registered name, upper case. */
    String name();

    /** Whether the secret crosses the wire as it is, so that it wants TLS below. */
    boolean plainText();

    /** Whether it ties the login to the TLS session it is made in (RFC 5929). */
    default boolean bindsChannel() {
      return false;
    }

    /**
     * Whether it is to be had by this client: switched on, and the connection has what it needs.
     */
    default boolean offered(Client client) {
      return true;
    }

    /**
     * Begins an exchange.
     *
     * @param client who asks
     * @param initialResponse what the client sent with its command, decoded from Base64; empty when
     *     it sent none, which is not the same as an empty response
     */
    Uni<Step> start(Client client, Optional<Buffer> initialResponse);
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

    /** They are not let in. */
    record Refused(Refusal refusal) implements Step {}
  }

  /** The step that a login's result comes to. */
  public static Step step(Login.Result result) {
    return switch (result) {
      case Login.Result.Welcome(var identity) -> new Step.Done(identity);
      case Login.Result.Refused(var refusal) -> new Step.Refused(refusal);
    };
  }
}
