package io.postern.imap.extension;

import io.postern.imap.command.CopyArguments;
import io.postern.imap.command.MessageLimit;
import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.imap.selected.View;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.NumberSet;
import io.postern.store.Destination;
import io.postern.store.Messages.Copied;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** MOVE and UID MOVE (RFC 6851): copies and expunges in one transaction. */
public final class Move implements Extension {
  @Override
  public int rfc() {
    return 6851;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("MOVE");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(verb("MOVE", false), verb("UID MOVE", true));
  }

  private static Verb verb(String name, boolean byUid) {
    return Verb.of(name, (in, context) -> new MoveCommand(CopyArguments.read(in, context, byUid)));
  }

  private record MoveCommand(CopyArguments arguments) implements Command.Mailbox {
    @Override
    public Uni<Outcome> run(CommandContext context, State.Selected state) {
      return state.view().readOnly()
          ? ErrorResponses.readOnly().now()
          : arguments.run(
              context,
              state,
              MessageLimit.of(context),
              true,
              (uids, target) -> move(context, state.view(), uids, target));
    }

    private static Uni<Outcome> move(
        CommandContext context, View view, NumberSet uids, Destination target) {
      return context
          .ports()
          .messages()
          .move(view.mailbox(), uids, target)
          .invoke(moved -> moved(context, view, moved))
          .map(moved -> Outcome.ok("MOVE completed.").changed(!moved.from().isEmpty()));
    }

    /** RFC 6851 §4.3: COPYUID precedes the EXPUNGEs, which the command's updates send. */
    private static void moved(CommandContext context, View view, Copied moved) {
      CopyArguments.copyUid(moved)
          .ifPresent(code -> context.reply().send(StatusResponse.of(Condition.OK, code, "Moved.")));
      moved.target().ifPresent(c -> context.listener().written(moved.mailbox(), c));
      moved.source().ifPresent(c -> context.listener().changed(view.mailbox(), c.modSeq()));
    }
  }
}
