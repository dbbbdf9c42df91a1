package io.postern.imap.command;

import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** EXPUNGE (RFC 3501 §6.4.3): the updates at its end report what was expunged. */
record Expunge() implements Command.Mailbox {
  static final Verb VERB = Verb.of("EXPUNGE", new Expunge());

  @Override
  public Uni<Outcome> run(CommandContext context, State.Selected state) {
    if (state.view().readOnly()) {
      return ErrorResponses.readOnly().now();
    }
    var mailbox = state.view().mailbox();
    return context
        .ports()
        .messages()
        .expunge(mailbox, Optional.empty())
        .invoke(changed -> context.listener().changed(mailbox, changed.modSeq()))
        .map(changed -> Outcome.ok("EXPUNGE completed.").changed(!changed.gone().isEmpty()));
  }
}
