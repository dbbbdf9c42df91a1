package io.postern.imap.command;

import io.postern.auth.Identity;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.Verb;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/**
 * CREATE (RFC 3501 §6.3.3): creates missing parent mailboxes, too. A delimiter at the end of the
 * name announces names below it, and changes nothing here.
 */
record Create(MailboxArgument given) implements Command.User {
  static final Verb VERB =
      Verb.of(
          "CREATE",
          in -> {
            in.space();
            var given = in.mailbox();
            in.end();
            return new Create(given);
          });

  @Override
  public Uni<Outcome> run(CommandContext context, Identity identity) {
    return switch (given) {
      case MailboxArgument.Invalid(var problem) -> Outcome.no("CANNOT", problem + ".").now();
      case MailboxArgument.Valid(var name, _) ->
          context
              .ports()
              .mailboxes()
              .create(identity.account(), name, Optional.empty())
              .replaceWith(Outcome.ok("CREATE completed."));
    };
  }
}
