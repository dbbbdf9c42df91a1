package io.postern.pop3;

import io.postern.auth.Client;
import io.postern.auth.Sasl;
import io.postern.auth.Sasl.Step;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The exchange of challenges and responses after AUTH (RFC 5034 §4). */
final class SaslExchange {
  /** How the exchange ended. */
  sealed interface Result {
    /** The mechanism ended it. */
    record Ended(Step step) implements Result {}

    /** The client sent an invalid response, or cancelled. */
    record Broken(String why) implements Result {}
  }

  private final Connection connection;

  SaslExchange(Connection connection) {
    this.connection = connection;
  }

  Uni<Result> run(Sasl.Mechanism mechanism, Client client, Optional<Buffer> initialResponse) {
    return mechanism.start(client, initialResponse).chain(this::step);
  }

  private Uni<Result> step(Step step) {
    return switch (step) {
      case Step.Challenge challenge -> ask(challenge);
      case Step.Done _, Step.Refused _ -> Uni.createFrom().item(new Result.Ended(step));
    };
  }

  private Uni<Result> ask(Step.Challenge challenge) {
    var text = Base64.getEncoder().encodeToString(challenge.text().getBytes());
    connection.out().write("+ " + text + "\r\n");
    var deadline =
        connection.after(Sasl.LINE_DEADLINE, () -> connection.close(CloseReason.LOGIN_TIMEOUT));
    return connection
        .nextLine()
        .onTermination()
        .invoke(deadline::cancel)
        .chain(line -> answered(challenge, line))
        .onFailure(Connection.LineTooLong.class)
        .recoverWithItem(tooLong -> new Result.Broken(String.valueOf(tooLong.getMessage())));
  }

  private Uni<Result> answered(Step.Challenge challenge, Buffer line) {
    var text = line.toString(StandardCharsets.ISO_8859_1);
    if (text.equals("*")) {
      return broken("AUTH was cancelled");
    }
    return Pop3Commands.base64(text)
        .map(response -> challenge.next().apply(response).chain(this::step))
        .orElseGet(() -> broken("The response is not base64"));
  }

  private static Uni<Result> broken(String why) {
    return Uni.createFrom().item(new Result.Broken(why));
  }
}
