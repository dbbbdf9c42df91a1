package io.postern.imap.command;

import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.wire.StreamStage;
import io.smallrye.mutiny.Uni;

/** STARTTLS (RFC 3501 §6.2.1): discards what the client sent in clear text after it. */
record StartTls() implements Command.Unauthenticated {
  static final Verb VERB = Verb.of("STARTTLS", new StartTls());

  @Override
  public Uni<Outcome> run(CommandContext context, State.NotAuthenticated state) {
    if (context.connectionState().secure()) {
      return Outcome.bad("TLS is already active.").now();
    }
    if (!context.connectionState().mayStartTls()) {
      return Outcome.no("No certificate is configured here.").now();
    }
    return Outcome.ok("Begin TLS negotiation now.").switchingTo(StreamStage.TLS).now();
  }
}
