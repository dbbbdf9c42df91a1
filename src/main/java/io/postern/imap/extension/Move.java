package io.postern.imap.extension;

import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.grammar.SetText;
import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.ConnectionState;
import io.postern.imap.session.ErrorResponses;
import io.postern.imap.session.Extension;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Verb;
import io.postern.imap.session.View;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.NumberSet;
import io.postern.model.SequenceSet;
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
    return Verb.of(
        name,
        in -> {
          in.space();
          var set = SetText.read(in);
          in.space();
          var to = in.mailbox();
          in.end();
          return new MoveCommand(set, byUid, to);
        });
  }

  private record MoveCommand(SequenceSet set, boolean byUid, MailboxArgument to)
      implements Command.Mailbox {
    @Override
    public Uni<Outcome> run(CommandContext context, State.Selected state) {
      if (state.view().readOnly()) {
        return ErrorResponses.readOnly().now();
      }
      return context.resolve(
          state.view(),
          set,
          byUid,
          (_, uids) ->
              context.resolveTarget(
                  state.identity(), to, mailbox -> move(context, state.view(), uids, mailbox)));
    }

    private Uni<Outcome> move(
        CommandContext context, View view, NumberSet uids, MailboxInfo mailbox) {
      if (!byUid && !view.gone(uids).isEmpty()) {
        return ErrorResponses.expungeIssued().now();
      }
      return context
          .ports()
          .messages()
          .move(view.mailbox(), uids, mailbox.key())
          .invoke(moved -> tell(context, view, mailbox.key(), moved))
          .replaceWith(Outcome.ok("MOVE completed."));
    }

    /** RFC 6851 §4.3: COPYUID precedes the EXPUNGEs, which the command's updates send. */
    private static void tell(CommandContext context, View view, MailboxKey to, Copied moved) {
      if (!moved.from().isEmpty()) {
        context
            .reply()
            .untagged(
                line ->
                    line.raw("OK [COPYUID ")
                        .number(moved.uidValidity().value())
                        .space()
                        .set(moved.from())
                        .space()
                        .set(moved.to())
                        .raw("] Moved."));
      }
      moved.target().ifPresent(c -> context.listener().changed(to, c.modSeq()));
      moved.source().ifPresent(c -> context.listener().changed(view.mailbox(), c.modSeq()));
    }
  }
}
