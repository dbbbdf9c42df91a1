package io.postern.imap.command;

import io.postern.auth.Identity;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.selected.Notifications.OwnChange;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.Ids.MailboxKey;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** DELETE (RFC 3501 §6.3.4). */
record Delete(MailboxArgument given) implements Command.User {
  static final Verb VERB = Verb.ofMailbox("DELETE", Delete::new);

  @Override
  public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
    return switch (given) {
      case MailboxArgument.Invalid(var problem) -> Outcome.no("CANNOT", problem + ".").now();
      case MailboxArgument.Valid valid ->
          context
              .ports()
              .mailboxes()
              .delete(state.identity().account(), valid.name())
              .invoke(gone -> context.listener().changed(new OwnChange.Deleted(gone)))
              .invoke(() -> SelectedName.sendIfChanged(context, valid, List.of("\\NonExistent")))
              .map(gone -> deleted(context, state.identity(), gone));
    };
  }

  /** A session that deletes its selected mailbox leaves it. */
  private static Outcome deleted(CommandContext context, Identity identity, MailboxKey gone) {
    var done = Outcome.ok("DELETE completed.");
    return context.listener().isSelected(gone)
        ? done.next(new State.Authenticated(identity))
        : done;
  }
}
