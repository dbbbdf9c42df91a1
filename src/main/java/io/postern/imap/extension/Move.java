package io.postern.imap.extension;

import io.postern.imap.grammar.GivenName;
import io.postern.imap.grammar.SetText;
import io.postern.imap.session.Command;
import io.postern.imap.session.Extension;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.Refusals;
import io.postern.imap.session.State;
import io.postern.imap.session.Terms;
import io.postern.imap.session.Turn;
import io.postern.imap.session.Verb;
import io.postern.imap.session.View;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.NumberSet;
import io.postern.model.SequenceSet;
import io.postern.store.Messages.Copied;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** MOVE and UID MOVE (RFC 6851): copied and removed in one transaction. */
public final class Move implements Extension {
  @Override
  public int rfc() {
    return 6851;
  }

  @Override
  public List<String> capabilities(Terms terms) {
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
          return new Away(set, byUid, to);
        });
  }

  private record Away(SequenceSet set, boolean byUid, GivenName to) implements Command.Mailbox {
    @Override
    public Uni<Outcome> run(Turn turn, State.Selected state) {
      if (state.view().readOnly()) {
        return Refusals.readOnly().now();
      }
      return turn.chosen(
          state.view(),
          set,
          byUid,
          (_, uids) ->
              turn.into(state.identity(), to, mailbox -> move(turn, state.view(), uids, mailbox)));
    }

    private Uni<Outcome> move(Turn turn, View view, NumberSet uids, MailboxInfo mailbox) {
      if (!byUid && !view.gone(uids).isEmpty()) {
        return Refusals.expungeIssued().now();
      }
      return turn.ports()
          .messages()
          .move(view.mailbox(), uids, mailbox.key())
          .invoke(moved -> tell(turn, view, mailbox.key(), moved))
          .replaceWith(Outcome.ok("MOVE completed."));
    }

    /** RFC 6851 §4.3: COPYUID goes before the EXPUNGEs, which the turn tells. */
    private static void tell(Turn turn, View view, MailboxKey to, Copied moved) {
      if (!moved.from().isEmpty()) {
        turn.reply()
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
      moved.target().ifPresent(c -> turn.wakeup().changed(to, c.modSeq()));
      moved.source().ifPresent(c -> turn.wakeup().changed(view.mailbox(), c.modSeq()));
    }
  }
}
