package io.postern.imap.extension;

import io.postern.imap.selected.Updates;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * UNAUTHENTICATE (RFC 8437): the user leaves, and another can log in on the same connection. Not on
 * a connection that the front end of another site passes on: the client could log in as anyone.
 */
public final class Unauthenticate implements Extension {
  @Override
  public int rfc() {
    return 8437;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return connectionState.loggedIn() && !connectionState.passedOn()
        ? List.of("UNAUTHENTICATE")
        : List.of();
  }

  @Override
  public List<Verb> verbs() {
    return List.of(
        Verb.of("UNAUTHENTICATE", new UnauthenticateCommand()).updating(Updates.Scope.NOTHING));
  }

  /** RFC 8437 §3: resets all state but TLS, without an expunge; never a NO. */
  private record UnauthenticateCommand() implements Command.User {
    @Override
    public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
      if (context.connectionState().passedOn()) {
        return Outcome.bad("UNAUTHENTICATE is not available here.").now();
      }
      return Outcome.ok("UNAUTHENTICATE completed.")
          .connection(context.connectionState().afterUnauthenticate())
          .next(new State.NotAuthenticated())
          .now();
    }
  }
}
