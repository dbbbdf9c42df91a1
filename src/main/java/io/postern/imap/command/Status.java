package io.postern.imap.command;

import io.postern.auth.Identity;
import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.StatusItems;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.MailboxName;
import io.postern.store.Mailboxes;
import io.smallrye.mutiny.Uni;
import java.util.Set;

/** STATUS (RFC 3501 §6.3.10). */
record Status(MailboxArgument given, StatusItems items) implements Command.User {
  static final Verb VERB = Verb.of("STATUS", Status::parse);

  private static Status parse(Arguments in, CommandContext context) throws BadSyntax {
    in.space();
    var given = in.mailbox();
    in.space();
    var items = StatusItems.read(in, context);
    in.end();
    return new Status(given, items);
  }

  @Override
  public Set<String> enables() {
    return items.enables();
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
    return given
        .valid()
        .map(name -> show(context, state.identity(), name))
        .orElseGet(() -> ErrorResponses.noSuchMailbox().now());
  }

  private Uni<Outcome> show(CommandContext context, Identity identity, MailboxName name) {
    return context
        .ports()
        .mailboxes()
        .status(identity.account(), name)
        .chain(
            found ->
                found
                    .map(status -> show(context, name, status))
                    .orElseGet(() -> ErrorResponses.noSuchMailbox().now()));
  }

  private Uni<Outcome> show(CommandContext context, MailboxName name, Mailboxes.Status status) {
    return items
        .response(context.ports(), status.mailbox(), name, status.state())
        .invoke(context.reply()::send)
        .replaceWith(Outcome.ok("STATUS completed."));
  }
}
