package io.postern.imap.command;

import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Outcome;
import io.postern.imap.spi.State;
import io.postern.imap.spi.Verb;
import io.smallrye.mutiny.Uni;

/** CHECK (RFC 3501 §6.4.1): the same as NOOP, since all confirmed changes are durable already. */
record Check() implements Command.Mailbox {
  static final Verb VERB = Verb.of("CHECK", new Check()).resyncing();

  @Override
  public Uni<Outcome> run(CommandContext context, State.Selected state) {
    return Outcome.ok("CHECK completed.").now();
  }
}
