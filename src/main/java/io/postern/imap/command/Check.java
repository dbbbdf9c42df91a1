package io.postern.imap.command;

import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Verb;
import io.smallrye.mutiny.Uni;

/** CHECK (RFC 3501 §6.4.1): the same as NOOP, since all confirmed changes are durable already. */
record Check() implements Command.Mailbox {
  static final Verb VERB =
      Verb.of(
              "CHECK",
              in -> {
                in.end();
                return new Check();
              })
          .resyncing();

  @Override
  public Uni<Outcome> run(CommandContext context, State.Selected state) {
    return Outcome.ok("CHECK completed.").now();
  }
}
