package io.postern.imap.command;

import io.postern.auth.Identity;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.selected.Notifications.OwnChange;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.MailboxName;
import io.smallrye.mutiny.Uni;

/** SUBSCRIBE and UNSUBSCRIBE (RFC 3501 §6.3.6, §6.3.7). */
record Subscribe(MailboxArgument given, boolean on) implements Command.User {
  static final Verb SUBSCRIBE = verb("SUBSCRIBE", true);
  static final Verb UNSUBSCRIBE = verb("UNSUBSCRIBE", false);

  private static Verb verb(String name, boolean on) {
    return Verb.ofMailbox(name, given -> new Subscribe(given, on));
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
    return switch (given) {
      case MailboxArgument.Invalid(var problem) -> Outcome.no("CANNOT", problem + ".").now();
      case MailboxArgument.Valid(var name, _, _) -> set(context, state.identity(), name);
    };
  }

  private Uni<Outcome> set(CommandContext context, Identity identity, MailboxName name) {
    var mailboxes = context.ports().mailboxes();
    var done =
        on
            ? mailboxes.subscribe(identity.account(), name)
            : mailboxes.unsubscribe(identity.account(), name);
    return done.invoke(() -> context.listener().changed(new OwnChange.Subscription(name, on)))
        .replaceWith(Outcome.ok(on ? "SUBSCRIBE completed." : "UNSUBSCRIBE completed."));
  }
}
