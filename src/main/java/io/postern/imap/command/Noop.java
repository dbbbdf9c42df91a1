package io.postern.imap.command;

import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Verb;
import io.smallrye.mutiny.Uni;

/** NOOP (RFC 3501 §6.1.2): does nothing, but the updates at its end include all changes. */
record Noop() implements Command.Anytime {
  static final Verb VERB =
      Verb.of(
              "NOOP",
              in -> {
                in.end();
                return new Noop();
              })
          .resyncing();

  @Override
  public Uni<Outcome> run(CommandContext context, State state) {
    return Outcome.ok("NOOP completed.").now();
  }
}
