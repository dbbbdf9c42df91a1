package io.postern.imap.command;

import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Verb;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;

/** STARTTLS (RFC 3501 §6.2.1): discards what the client sent in clear text after it. */
record StartTls() implements Command.Unauthenticated {
  static final Verb VERB =
      Verb.of(
          "STARTTLS",
          in -> {
            in.end();
            return new StartTls();
          });

  @Override
  public Uni<Outcome> run(CommandContext context, State.NotAuthenticated state) {
    if (context.connectionState().secure()) {
      return Outcome.bad("TLS is on already.").now();
    }
    if (!context.connectionState().mayStartTls()) {
      return Outcome.no("No certificate is configured here.").now();
    }
    context
        .connection()
        .startTls(Buffer.buffer(context.tag() + " OK Begin TLS negotiation now.\r\n"));
    return new Outcome.Sent().now();
  }
}
