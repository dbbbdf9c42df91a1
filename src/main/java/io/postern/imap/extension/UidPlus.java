package io.postern.imap.extension;

import io.postern.imap.grammar.SetText;
import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.ConnectionState;
import io.postern.imap.session.ErrorResponses;
import io.postern.imap.session.Extension;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Verb;
import io.postern.model.SequenceSet;
import io.smallrye.mutiny.Uni;
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
            in -> {
              in.space();
              var set = SetText.read(in);
              in.end();
              return new UidExpunge(set);
            }));
  }

  private record UidExpunge(SequenceSet set) implements Command.Mailbox {
    @Override
    public Uni<Outcome> run(CommandContext context, State.Selected state) {
      if (state.view().readOnly()) {
        return ErrorResponses.readOnly().now();
      }
      var mailbox = state.view().mailbox();
      return context.resolve(
          state.view(),
          set,
          true,
          (_, uids) ->
              context
                  .ports()
                  .messages()
                  .expunge(mailbox, Optional.of(uids))
                  .invoke(changed -> context.listener().changed(mailbox, changed.modSeq()))
                  .replaceWith(Outcome.ok("UID EXPUNGE completed.")));
    }
  }
}
