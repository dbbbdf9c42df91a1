package io.postern.imap.command;

import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.smallrye.mutiny.Uni;

/** CHECK (RFC 3501 §6.4.1): the same as NOOP, since all confirmed changes are durable already. */
record Check() implements Command.Mailbox {
  static final Verb VERB = Verb.of("CHECK", new Check()).resyncing();

  @Override
  public Uni<Outcome> run(CommandContext context, State.Selected state) {
    return Outcome.ok("CHECK completed.").now();
  }
}
