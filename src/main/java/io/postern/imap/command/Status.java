package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.StatusItems;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.MailboxInfo;
import io.smallrye.mutiny.Uni;

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
  public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
    return context.with(state.identity(), given, mailbox -> show(context, mailbox));
  }

  private Uni<Outcome> show(CommandContext context, MailboxInfo mailbox) {
    return context
        .ports()
        .mailboxes()
        .state(mailbox.key())
        .chain(state -> items.response(context.ports(), mailbox, state))
        .invoke(context.reply()::send)
        .replaceWith(Outcome.ok("STATUS completed."));
  }
}
