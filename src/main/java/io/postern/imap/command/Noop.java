package io.postern.imap.command;

import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.smallrye.mutiny.Uni;

/** NOOP (RFC 3501 §6.1.2): does nothing, but the updates at its end include all changes. */
record Noop() implements Command.Anytime {
  static final Verb VERB = Verb.of("NOOP", new Noop()).resyncing();

  @Override
  public Uni<Outcome> run(CommandContext context, State state) {
    return Outcome.ok("NOOP completed.").now();
  }
}
