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

    /** Whether it is for front ends of other sites, and for no client. */
    default boolean ofSites() {
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

  /**
   * The first step of a mechanism in which the client speaks first (RFC 4422 §5): its initial
   * response, or else its reply to an empty challenge, is the first message.
   */
  public static Uni<Step> clientFirst(
      Optional<Buffer> initialResponse, Function<Buffer, Uni<Step>> first) {
    return initialResponse.map(first).orElseGet(() -> challenge(Buffer.buffer(), first));
  }

  /** A challenge. */
  public static Uni<Step> challenge(Buffer text, Function<Buffer, Uni<Step>> next) {
    return Uni.createFrom().item(new Step.Challenge(text, next));
  }

  /** A refusal. */
  public static Uni<Step> refuse(Refusal refusal) {
    return Uni.createFrom().item(new Step.Refused(refusal));
  }

  /** The last step, for a login's result. */
  public static Step step(Login.Result result) {
    return switch (result) {
      case Login.Result.Success(var identity) -> new Step.Done(identity);
      case Login.Result.Refused(var refusal) -> new Step.Refused(refusal);
    };
  }
}
