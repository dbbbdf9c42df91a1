package io.postern.imap.command;

import io.postern.imap.selected.View;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.NumberSet;
import io.postern.store.Destination;
import io.postern.store.Messages.Copied;
import io.smallrye.mutiny.Uni;

/** COPY and UID COPY (RFC 3501 §6.4.7), with COPYUID (RFC 4315 §3). */
record Copy(CopyArguments arguments) implements Command.Mailbox {
  static final Verb COPY = verb("COPY", false);
  static final Verb UID_COPY = verb("UID COPY", true);

  private static Verb verb(String name, boolean byUid) {
    return Verb.of(name, (in, context) -> new Copy(CopyArguments.read(in, context, byUid)));
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.Selected state) {
    // RFC 9738 §3.1: all are copied, or none.
    return arguments.run(
        context,
        state,
        new MessageLimit(context.extensions().saveLimit()),
        false,
        (uids, target) -> copy(context, state.view(), uids, target));
  }

  private static Uni<Outcome> copy(
      CommandContext context, View view, NumberSet uids, Destination target) {
    return context
        .ports()
        .messages()
        .copy(view.mailbox(), uids, target)
        .invoke(
            copied ->
                copied.target().ifPresent(c -> context.listener().written(copied.mailbox(), c)))
        .map(copied -> copied(copied, context.listener().isSelected(copied.mailbox())));
  }

  private static Outcome copied(Copied copied, boolean selected) {
    var done = Outcome.ok("COPY completed.").changed(selected && !copied.from().isEmpty());
    return CopyArguments.copyUid(copied).map(done::code).orElse(done);
  }
}
