package io.postern.imap.command;

import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.grammar.SetText;
import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.ErrorResponses;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Verb;
import io.postern.imap.session.View;
import io.postern.model.MailboxInfo;
import io.postern.model.NumberSet;
import io.postern.model.SequenceSet;
import io.postern.store.Messages.Copied;
import io.smallrye.mutiny.Uni;

/** COPY and UID COPY (RFC 3501 §6.4.7), with COPYUID (RFC 4315 §3). */
record Copy(SequenceSet set, boolean byUid, MailboxArgument to) implements Command.Mailbox {
  static final Verb COPY = verb("COPY", false);
  static final Verb UID_COPY = verb("UID COPY", true);

  private static Verb verb(String name, boolean byUid) {
    return Verb.of(
        name,
        in -> {
          in.space();
          var set = SetText.read(in);
          in.space();
          var to = in.mailbox();
          in.end();
          return new Copy(set, byUid, to);
        });
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.Selected state) {
    return context.resolve(
        state.view(),
        set,
        byUid,
        (_, uids) ->
            context.resolveTarget(
                state.identity(), to, mailbox -> copy(context, state.view(), uids, mailbox)));
  }

  private Uni<Outcome> copy(
      CommandContext context, View view, NumberSet uids, MailboxInfo mailbox) {
    // RFC 2180 §4.4.1: all of them or none.
    if (!byUid && !view.gone(uids).isEmpty()) {
      return ErrorResponses.expungeIssued().now();
    }
    return context
        .ports()
        .messages()
        .copy(view.mailbox(), uids, mailbox.key())
        .invoke(
            copied ->
                copied
                    .target()
                    .ifPresent(c -> context.listener().changed(mailbox.key(), c.modSeq())))
        .map(Copy::copied);
  }

  private static Outcome copied(Copied copied) {
    var done = Outcome.ok("COPY completed.");
    return copied.from().isEmpty() ? done : done.code(copyUid(copied));
  }

  private static String copyUid(Copied copied) {
    return "COPYUID " + copied.uidValidity().value() + " " + copied.from() + " " + copied.to();
  }
}
