package io.postern.imap.command;

import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/**
 * CREATE (RFC 3501 §6.3.3): creates missing parent mailboxes, too. A delimiter at the end of the
 * name announces names below it, and changes nothing here.
 */
record Create(MailboxArgument given) implements Command.User {
  static final Verb VERB = Verb.ofMailbox("CREATE", Create::new);

  @Override
  public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
    return switch (given) {
      case MailboxArgument.Invalid(var problem) -> Outcome.no("CANNOT", problem + ".").now();
      case MailboxArgument.Valid(var name, _) ->
          context
              .ports()
              .mailboxes()
              .create(state.identity().account(), name, Optional.empty())
              .replaceWith(Outcome.ok("CREATE completed."));
    };
  }
}
