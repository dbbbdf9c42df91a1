package io.postern.imap.command;

import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.selected.Notifications.OwnChange;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** RENAME (RFC 3501 §6.3.5). */
record Rename(MailboxArgument from, MailboxArgument to) implements Command.User {
  static final Verb VERB =
      Verb.of(
          "RENAME",
          in -> {
            in.space();
            var from = in.mailbox();
            in.space();
            var to = in.mailbox();
            in.end();
            return new Rename(from, to);
          });

  @Override
  public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
    if (from instanceof MailboxArgument.Valid old && to instanceof MailboxArgument.Valid name) {
      return context
          .ports()
          .mailboxes()
          .rename(state.identity().account(), old.name(), name.name())
          .invoke(() -> context.listener().changed(new OwnChange.Renamed(old.name(), name.name())))
          .invoke(() -> SelectedName.sendIfChanged(context, name, List.of()))
          .replaceWith(Outcome.ok("RENAME completed."));
    }
    return from instanceof MailboxArgument.Invalid
        ? Outcome.no("NONEXISTENT", "No mailbox can have that name.").now()
        : Outcome.no("CANNOT", "No mailbox can have the new name.").now();
  }
}
