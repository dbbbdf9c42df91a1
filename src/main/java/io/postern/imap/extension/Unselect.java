package io.postern.imap.extension;

import io.postern.imap.session.Command;
import io.postern.imap.session.Extension;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Terms;
import io.postern.imap.session.Turn;
import io.postern.imap.session.Verb;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** UNSELECT (RFC 3691): leaves the mailbox as it is. */
public final class Unselect implements Extension {
  @Override
  public int rfc() {
    return 3691;
  }

  @Override
  public List<String> capabilities(Terms terms) {
    return List.of("UNSELECT");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(
        Verb.of(
                "UNSELECT",
                in -> {
                  in.end();
                  return new Leave();
                })
            .telling(Verb.Tell.NOTHING));
  }

  private record Leave() implements Command.Mailbox {
    @Override
    public Uni<Outcome> run(Turn turn, State.Selected state) {
      return Outcome.ok("UNSELECT completed.")
          .next(new State.Authenticated(state.identity()))
          .now();
    }
  }
}
