package io.postern.imap.extension;

import io.postern.imap.command.MessageLimit;
import io.postern.imap.selected.View;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.MessageSet;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.model.message.SystemFlag;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** UID EXPUNGE (RFC 4315 §2.1); APPEND, COPY and MOVE write APPENDUID and COPYUID. */
public final class UidPlus implements Extension {
  @Override
  public int rfc() {
    return 4315;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("UIDPLUS");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(
        Verb.of(
            "UID EXPUNGE",
            (in, context) -> {
              in.space();
              var set = MessageSet.read(in, context, true);
              in.end();
              return new UidExpunge(set);
            }));
  }

  private record UidExpunge(MessageSet set) implements Command.Mailbox {
    @Override
    public Uni<Outcome> run(CommandContext context, State.Selected state) {
      if (state.view().readOnly()) {
        return ErrorResponses.readOnly().now();
      }
      return context.resolve(
          state.view(),
          set,
          (index, uids) -> {
            var part = MessageLimit.of(context).part(index, deleted(state.view(), index, uids));
            return expunge(context, state.view().mailbox(), part.of(uids)).map(part::completed);
          });
    }

    /** The messages that the command handles: those with the flag. */
    private static int[] deleted(View view, MailboxIndex index, NumberSet uids) {
      return Arrays.stream(view.positions(index, uids))
          .filter(at -> (index.flags(at) & SystemFlag.DELETED.bit()) != 0)
          .toArray();
    }

    private static Uni<Outcome> expunge(
        CommandContext context, MailboxKey mailbox, NumberSet uids) {
      return context
          .ports()
          .messages()
          .expunge(mailbox, Optional.of(uids))
          .invoke(changed -> context.listener().changed(mailbox, changed.modSeq()))
          .map(changed -> Outcome.ok("UID EXPUNGE completed.").changed(!changed.gone().isEmpty()));
    }
  }
}
