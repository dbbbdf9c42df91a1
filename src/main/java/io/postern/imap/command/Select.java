package io.postern.imap.command;

import io.postern.auth.Identity;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.ErrorResponses;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Updates;
import io.postern.imap.session.Verb;
import io.postern.imap.session.View;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxState;
import io.postern.model.NumberSet;
import io.postern.store.StoreException;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;

/** SELECT and EXAMINE (RFC 3501 §6.3.1, §6.3.2). */
record Select(MailboxArgument given, boolean readOnly) implements Command.User {
  static final Verb SELECT = verb("SELECT", false);
  static final Verb EXAMINE = verb("EXAMINE", true);

  private static Verb verb(String name, boolean readOnly) {
    return Verb.of(
            name,
            in -> {
              in.space();
              var given = in.mailbox();
              in.end();
              return new Select(given, readOnly);
            })
        .updating(Verb.Updating.NOTHING);
  }

  @Override
  public Uni<Outcome> run(CommandContext context, Identity identity) {
    return context
        .with(identity, given, mailbox -> open(context, identity, mailbox))
        .onFailure(StoreException.class)
        .recoverWithItem(e -> ErrorResponses.of(e.failure()))
        .map(outcome -> deselected(outcome, identity));
  }

  /** RFC 3501 §6.3.1: after a SELECT that failed, no mailbox is selected. */
  private static Outcome deselected(Outcome outcome, Identity identity) {
    return outcome instanceof Outcome.No no ? no.next(new State.Authenticated(identity)) : outcome;
  }

  private Uni<Outcome> open(CommandContext context, Identity identity, MailboxInfo mailbox) {
    var key = mailbox.key();
    var recent =
        readOnly
            ? context.ports().mailboxes().state(key).map(Select::unclaimed)
            : context.ports().mailboxes().claimRecent(key);
    return recent.chain(
        claimed ->
            context
                .ports()
                .indexes()
                .current(key)
                .map(index -> opened(context, identity, mailbox, index, claimed)));
  }

  /** RFC 3501 §6.3.2: EXAMINE reports recent messages and leaves them recent for other sessions. */
  private static NumberSet unclaimed(MailboxState state) {
    return state.firstRecent() < state.uidNext()
        ? NumberSet.range(state.firstRecent(), state.uidNext() - 1)
        : NumberSet.EMPTY;
  }

  private Outcome opened(
      CommandContext context,
      Identity identity,
      MailboxInfo mailbox,
      MailboxIndex index,
      NumberSet claimed) {
    var view = new View(mailbox.key(), mailbox.name(), readOnly, index, claimed);
    var reply = context.reply();
    Updates.flagsLines(index.keywords(), index.flagsInUse(), readOnly, reply);
    reply.untagged(index.size() + " EXISTS");
    reply.untagged(view.recent(index) + " RECENT");
    index
        .firstUnseen()
        .ifPresent(at -> reply.untagged("OK [UNSEEN " + (at + 1) + "] The first one not seen."));
    reply.untagged("OK [UIDVALIDITY " + index.uidValidity().value() + "] UIDs are valid.");
    reply.untagged("OK [UIDNEXT " + index.uidNext() + "] The next UID.");
    return readOnly
        ? Outcome.ok("EXAMINE completed.")
            .code("READ-ONLY")
            .next(new State.Selected(identity, view))
        : Outcome.ok("SELECT completed.")
            .code("READ-WRITE")
            .next(new State.Selected(identity, view));
  }
}
