package io.postern.auth;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Simple Authentication and Security Layer (RFC 4422), as AUTHENTICATE and AUTH use it. */
public final class Sasl {
  /**
   * How long a client has for each line of an exchange, its pieces together: programs answer at
   * once, or after a request to a ticket server. Then the connection is closed.
   */
  public static final Duration LINE_DEADLINE = Duration.ofSeconds(15);

  private Sasl() {}

  /** A SASL mechanism. Stateless: an exchange's state is in its steps. */
  public interface Mechanism {
    /** Its registered name, upper case. */
    String name();

    /** Whether it sends the secret in the clear and so needs TLS. */
    boolean plainText();

    /** Whether it binds the login to its TLS session (RFC 5929). */
    default boolean bindsChannel() {
      return false;
    }

    /** Whether this client may use it: it is enabled, and the connection has what it needs. */
    default boolean offered(Client client) {
      return true;
    }

    /**
     * Begins an exchange.
     *
     * @param client the connection
     * @param initialResponse what the client sent with its command, decoded from Base64; empty when
     *     it sent none, which is not the same as an empty response
     */
    Uni<Step> start(Client client, Optional<Buffer> initialResponse);
  }

  /** The server's next action. */
  public sealed interface Step {
    /**
     * Send this and pass the client's decoded response to the next step.
     *
     * @param text what to send, before its Base64; may be empty
     */
    record Challenge(Buffer text, Function<Buffer, Uni<Step>> next) implements Step {}

    /** The user is authenticated. */
    record Done(Identity identity) implements Step {}

    /** The login is refused. */
    record Refused(Refusal refusal) implements Step {}
  }

  /** The last step, for a login's result. */
  public static Step step(Login.Result result) {
    return switch (result) {
      case Login.Result.Welcome(var identity) -> new Step.Done(identity);
      case Login.Result.Refused(var refusal) -> new Step.Refused(refusal);
    };
  }
}
