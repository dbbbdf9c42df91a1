package io.postern.imap.command;

import io.postern.auth.Mechanisms;
import io.postern.auth.Sasl;
import io.postern.auth.Sasl.Step;
import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.SaslText;
import io.postern.imap.session.Command;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.Refusals;
import io.postern.imap.session.State;
import io.postern.imap.session.Turn;
import io.postern.imap.session.Verb;
import io.postern.wire.Connection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** AUTHENTICATE (RFC 3501 §6.2.2), with an initial response (RFC 4959). */
record Authenticate(String mechanism, Optional<Buffer> initialResponse) implements Command.Guest {
  static final Verb VERB = Verb.of("AUTHENTICATE", Authenticate::parse);

  /** Without the response, which holds a password. */
  @Override
  public String toString() {
    return "Authenticate[" + mechanism + "]";
  }

  private static Authenticate parse(Arguments in) throws BadSyntax {
    in.space();
    var mechanism = in.atom("a mechanism");
    Optional<Buffer> response =
        in.trySpace() ? Optional.of(SaslText.initialResponse(in)) : Optional.empty();
    in.end();
    return new Authenticate(mechanism, response);
  }

  @Override
  public Uni<Outcome> run(Turn turn, State.NotAuthenticated state) {
    var client = turn.client();
    return switch (turn.ports().mechanisms().choose(client, mechanism)) {
      case Mechanisms.Choice.Open(var open) ->
          open.start(client, initialResponse).chain(step -> step(turn, step));
      case Mechanisms.Choice.AfterTls() -> Refusals.privacyRequired().now();
      case Mechanisms.Choice.Unknown() ->
          Outcome.no("There is no such mechanism; CAPABILITY shows those there are.").now();
    };
  }

  private Uni<Outcome> step(Turn turn, Step step) {
    return switch (step) {
      case Step.Challenge challenge -> ask(turn, challenge);
      case Step.Done(var identity) -> turn.welcome(identity, "AUTHENTICATE completed.").now();
      case Step.Refused(var refusal) -> Refusals.of(refusal).now();
    };
  }

  private Uni<Outcome> ask(Turn turn, Step.Challenge challenge) {
    turn.reply().askOn(SaslText.challenge(challenge.text()));
    return turn.nextLine(Sasl.LINE_DEADLINE)
        .chain(line -> answered(turn, challenge, line))
        .onFailure(Connection.LineTooLong.class)
        .recoverWithItem(tooLong -> Outcome.bad(tooLong.getMessage() + "."));
  }

  private Uni<Outcome> answered(Turn turn, Step.Challenge challenge, Buffer line) {
    try {
      return SaslText.answer(line)
          .map(response -> challenge.next().apply(response).chain(step -> step(turn, step)))
          .orElseGet(() -> Outcome.bad("AUTHENTICATE was cancelled.").now());
    } catch (BadSyntax e) {
      return Outcome.bad("AUTHENTICATE: " + e.getMessage() + ".").now();
    }
  }
}
