package io.postern.pop3;

import io.postern.auth.Identity;
import io.postern.auth.Login;
import io.postern.auth.LoginAttempt;
import io.postern.auth.Mechanisms;
import io.postern.auth.Refusal;
import io.postern.auth.Sasl;
import io.postern.auth.Sasl.Step;
import io.postern.model.MailProtocol;
import io.postern.pop3.Pop3State.Authorization;
import io.postern.site.XClient;
import io.postern.store.account.Secret;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.StreamStage;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/** Runs the commands before login (RFC 1939 §4 and §7, RFC 2595 §4, RFC 5034 §4). */
final class AuthorizationCommands {
  /** What follows a command. */
  sealed interface Result {
    /** The session stays in AUTHORIZATION; the command is answered. */
    record Continue(Authorization state) implements Result {}

    /** A user is authenticated; the command is answered when their maildrop is open. */
    record Authenticated(Identity identity) implements Result {}

    /** The command breaks the protocol, and is not answered yet. */
    record Malformed(String why) implements Result {}
  }

  private static final Result START = new Result.Continue(new Authorization(Optional.empty()));

  private final Connection connection;
  private final Pop3Ports ports;
  private final Capabilities capabilities;
  private final Responses responses;
  private int refusedLogins;

  AuthorizationCommands(
      Connection connection, Pop3Ports ports, Capabilities capabilities, Responses responses) {
    this.connection = connection;
    this.ports = ports;
    this.capabilities = capabilities;
    this.responses = responses;
  }

  /** Runs a command; fails as the store does. */
  Uni<Result> run(Authorization state, Pop3Command.Unauthenticated command) {
    return switch (command) {
      case Pop3Command.User(var name) -> user(state, name);
      case Pop3Command.Pass(var password) -> pass(state, password);
      case Pop3Command.Auth auth -> auth(state, auth);
      case Pop3Command.Stls _ -> startTls(state);
      // RFC 6856 §2: neither mode converts anything
      case Pop3Command.Utf8 _ -> ok(state, "UTF-8 is enabled");
      case Pop3Command.XClient(var arguments) -> takeOver(state, arguments);
    };
  }

  private Uni<Result> user(Authorization state, String name) {
    if (!capabilities.offer().password()) {
      return refuseBeforeTls(state);
    }
    // RFC 1939 §7: the response does not reveal whether the mailbox exists
    return ok(new Authorization(Optional.of(name)), "Send the password");
  }

  private Uni<Result> pass(Authorization state, Secret password) {
    if (state.user().isEmpty()) {
      return refuse(state, "Send USER first");
    }
    var attempt = new LoginAttempt(capabilities.client(), "USER", state.user().get());
    return ports
        .login()
        .password(attempt, password)
        .map(
            result ->
                switch (result) {
                  case Login.Result.Success(var identity) -> new Result.Authenticated(identity);
                  case Login.Result.Refused(var refusal) -> refused(refusal);
                });
  }

  private Uni<Result> auth(Authorization state, Pop3Command.Auth auth) {
    if (auth.mechanism().isEmpty()) {
      responses.lines("Mechanisms follow", capabilities.offer().names().stream());
      return stay(state);
    }
    return switch (ports.mechanisms().choose(capabilities.client(), auth.mechanism().get())) {
      case Mechanisms.Choice.Available(var mechanism) ->
          exchange(mechanism, auth.initialResponse());
      case Mechanisms.Choice.AfterTls() -> refuseBeforeTls(state);
      case Mechanisms.Choice.Unknown() ->
          refuse(state, "There is no such mechanism; CAPA lists the supported ones");
    };
  }

  private Uni<Result> exchange(Sasl.Mechanism mechanism, Optional<Buffer> initialResponse) {
    return new SaslExchange(connection)
        .run(mechanism, capabilities.client(), initialResponse)
        .map(
            result ->
                switch (result) {
                  case SaslExchange.Result.Broken(var why) -> new Result.Malformed(why);
                  case SaslExchange.Result.Ended(Step.Done(var identity)) ->
                      new Result.Authenticated(identity);
                  case SaslExchange.Result.Ended(Step.Refused(var refusal)) -> refused(refusal);
                  case SaslExchange.Result.Ended(Step.Challenge _) ->
                      throw new IllegalStateException("an exchange ended with a challenge");
                });
  }

  /** Answers a refused login (RFC 3206 §4 and §5), and closes when there were too many. */
  private Result refused(Refusal refusal) {
    switch (refusal) {
      // A malformed response counts as a protocol error, not as a wrong guess.
      case MALFORMED -> {
        return new Result.Malformed("The response is malformed");
      }
      case CREDENTIALS -> responses.refuse("AUTH", "Name or password is wrong");
      case TOO_MANY -> responses.refuse("IN-USE", "There are too many connections already");
      case UNAVAILABLE ->
          responses.refuse("SYS/TEMP", "Authentication is temporarily unavailable; try again");
    }
    // A connection limit means no wrong guess either.
    refusedLogins += refusal == Refusal.TOO_MANY ? 0 : 1;
    if (refusedLogins >= Refusal.MAX_PER_CONNECTION) {
      connection.close(CloseReason.LOGINS_REFUSED);
    }
    return START;
  }

  /** The front end of another site hands its client over; other clients may not. */
  private Uni<Result> takeOver(Authorization state, List<String> arguments) {
    var fields = XClient.read(arguments);
    return fields.isEmpty()
        ? Uni.createFrom().item(new Result.Malformed("XCLIENT has a malformed argument"))
        : ports
            .sites()
            .takeOver(connection, MailProtocol.POP3, fields.get())
            .chain(
                why ->
                    why.isPresent()
                        ? Uni.createFrom().item(new Result.Malformed(why.get()))
                        : ok(state, "The client is known"));
  }

  private Uni<Result> startTls(Authorization state) {
    if (connection.secure()) {
      return refuse(state, "TLS is already active");
    }
    if (!connection.canStartTls()) {
      return refuse(state, "TLS is not available");
    }
    connection.switchStream(StreamStage.TLS, Buffer.buffer("+OK Begin TLS negotiation\r\n"));
    // RFC 2595 §4: what the client said before TLS is discarded
    return Uni.createFrom().item(START);
  }

  private Uni<Result> refuseBeforeTls(Authorization state) {
    responses.refuse("SYS/PERM", "A password is accepted under TLS only: send STLS first");
    return stay(state);
  }

  private Uni<Result> ok(Authorization next, String text) {
    responses.ok(text);
    return stay(next);
  }

  private Uni<Result> refuse(Authorization state, String text) {
    responses.refuse(text);
    return stay(state);
  }

  private static Uni<Result> stay(Authorization state) {
    return Uni.createFrom().item(new Result.Continue(state));
  }
}
