package io.postern.imap.command;

import io.postern.auth.Identity;
import io.postern.imap.grammar.GivenName;
import io.postern.imap.session.Command;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.Turn;
import io.postern.imap.session.Verb;
import io.smallrye.mutiny.Uni;

/** RENAME (RFC 3501 §6.3.5). */
record Rename(GivenName from, GivenName to) implements Command.User {
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
  public Uni<Outcome> run(Turn turn, Identity identity) {
    if (from instanceof GivenName.Proper(var old, _)
        && to instanceof GivenName.Proper(var name, _)) {
      return turn.ports()
          .mailboxes()
          .rename(identity.account(), old, name)
          .replaceWith(Outcome.ok("RENAME completed."));
    }
    return from instanceof GivenName.Improper
        ? Outcome.no("NONEXISTENT", "No mailbox can have that name.").now()
        : Outcome.no("CANNOT", "No mailbox can have the new name.").now();
  }
}
