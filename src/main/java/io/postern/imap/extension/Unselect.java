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

/** UNSELECT (RFC 3691): leaves the mailbox without expunging. */
public final class Unselect implements Extension {
  @Override
  public int rfc() {
    return 3691;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("UNSELECT");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(Verb.of("UNSELECT", new UnselectCommand()).updating(Updates.Scope.NOTHING));
  }

  private record UnselectCommand() implements Command.Mailbox {
    @Override
    public Uni<Outcome> run(CommandContext context, State.Selected state) {
      return Outcome.ok("UNSELECT completed.")
          .next(new State.Authenticated(state.identity()))
          .now();
    }
  }
}
