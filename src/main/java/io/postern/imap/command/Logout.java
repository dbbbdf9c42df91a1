package io.postern.imap.command;

import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.imap.selected.Updates;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.smallrye.mutiny.Uni;

/** LOGOUT (RFC 3501 §6.1.3). */
record Logout() implements Command.Anytime {
  static final Verb VERB = Verb.of("LOGOUT", new Logout()).updating(Updates.Scope.NOTHING);

  @Override
  public Uni<Outcome> run(CommandContext context, State state) {
    context.reply().send(StatusResponse.of(Condition.BYE, "Logging out."));
    return Outcome.ok("LOGOUT completed.").next(new State.LoggedOut()).now();
  }
}
