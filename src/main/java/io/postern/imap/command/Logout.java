package io.postern.imap.command;

import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Verb;
import io.smallrye.mutiny.Uni;

/** LOGOUT (RFC 3501 §6.1.3). */
record Logout() implements Command.Anytime {
  static final Verb VERB =
      Verb.of(
              "LOGOUT",
              in -> {
                in.end();
                return new Logout();
              })
          .updating(Verb.Updating.NOTHING);

  @Override
  public Uni<Outcome> run(CommandContext context, State state) {
    context.reply().untagged("BYE Logging out.");
    return Outcome.ok("LOGOUT completed.").next(new State.LoggedOut()).now();
  }
}
