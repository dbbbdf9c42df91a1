package io.postern.imap.command;

import io.postern.auth.Mechanisms;
import io.postern.auth.Sasl;
import io.postern.auth.Sasl.Step;
import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.SaslText;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.wire.Connection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** AUTHENTICATE (RFC 3501 §6.2.2), with an initial response (RFC 4959). */
record Authenticate(String mechanism, Optional<Buffer> initialResponse)
    implements Command.Unauthenticated {
  static final Verb VERB = Verb.of("AUTHENTICATE", Authenticate::parse);

  /** Omits the response, which holds a password. */
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
  public Uni<Outcome> run(CommandContext context, State.NotAuthenticated state) {
    var client = context.client();
    return switch (context.ports().mechanisms().choose(client, mechanism)) {
      case Mechanisms.Choice.Available(var open) ->
          open.start(client, initialResponse).chain(step -> step(context, step));
      case Mechanisms.Choice.AfterTls() -> ErrorResponses.privacyRequired().now();
      case Mechanisms.Choice.Unknown() ->
          Outcome.no("There is no such mechanism; CAPABILITY shows those there are.").now();
    };
  }

  private Uni<Outcome> step(CommandContext context, Step step) {
    return switch (step) {
      case Step.Challenge challenge -> ask(context, challenge);
      case Step.Done(var identity) -> context.enter(identity, "AUTHENTICATE completed.");
      case Step.Refused(var refusal) -> ErrorResponses.of(refusal).now();
    };
  }

  private Uni<Outcome> ask(CommandContext context, Step.Challenge challenge) {
    context.reply().continuation(SaslText.challenge(challenge.text()));
    return context
        .nextLine(Sasl.LINE_DEADLINE)
        .chain(line -> answered(context, challenge, line))
        .onFailure(Connection.LineTooLong.class)
        .recoverWithItem(tooLong -> Outcome.bad(tooLong.getMessage() + "."));
  }

  private Uni<Outcome> answered(CommandContext context, Step.Challenge challenge, Buffer line) {
    try {
      return SaslText.answer(line)
          .map(response -> challenge.next().apply(response).chain(step -> step(context, step)))
          .orElseGet(() -> Outcome.bad("AUTHENTICATE was cancelled.").now());
    } catch (BadSyntax e) {
      return Outcome.bad("AUTHENTICATE: " + e.getMessage() + ".").now();
    }
  }
}
