package io.postern.imap.command;

import io.postern.imap.selected.Updates;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** CLOSE (RFC 3501 §6.4.2): expunges without EXPUNGE responses, and leaves the mailbox. */
record Close() implements Command.Mailbox {
  static final Verb VERB = Verb.of("CLOSE", new Close()).updating(Updates.Scope.NOTHING);

  @Override
  public Uni<Outcome> run(CommandContext context, State.Selected state) {
    var left = Outcome.ok("CLOSE completed.").next(new State.Authenticated(state.identity()));
    return state.view().readOnly()
        ? left.now()
        : context
            .ports()
            .messages()
            .expunge(state.view().mailbox(), Optional.empty())
            .<Outcome>replaceWith(left)
            // RFC 4314 §4: without the right to expunge nothing is expunged.
            .onFailure(Close::isNoRight)
            .recoverWithItem(left);
  }

  private static boolean isNoRight(Throwable failure) {
    return failure instanceof StoreException e && e.failure() instanceof StoreFailure.NoRight;
  }
}
