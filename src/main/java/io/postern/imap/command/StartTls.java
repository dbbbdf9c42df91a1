package io.postern.imap.command;

import io.postern.imap.session.Command;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Turn;
import io.postern.imap.session.Verb;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;

/** STARTTLS (RFC 3501 §6.2.1): what was said in clear text behind it is forgotten. */
record StartTls() implements Command.Guest {
  static final Verb VERB =
      Verb.of(
          "STARTTLS",
          in -> {
            in.end();
            return new StartTls();
          });

  @Override
  public Uni<Outcome> run(Turn turn, State.NotAuthenticated state) {
    if (turn.terms().secure()) {
      return Outcome.bad("TLS is on already.").now();
    }
    if (!turn.terms().mayStartTls()) {
      return Outcome.no("No certificate is configured here.").now();
    }
    turn.connection().startTls(Buffer.buffer(turn.tag() + " OK Begin TLS negotiation now.\r\n"));
    return new Outcome.Sent().now();
  }
}
