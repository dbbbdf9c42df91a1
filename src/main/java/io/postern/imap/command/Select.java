package io.postern.imap.command;

import io.postern.auth.Identity;
import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.imap.response.Untagged;
import io.postern.imap.selected.KeywordUpdates;
import io.postern.imap.selected.Updates;
import io.postern.imap.selected.View;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.spi.SelectParameter;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.postern.model.NumberSet;
import io.postern.model.Rights;
import io.postern.model.message.FlagsUpdate;
import io.postern.store.Mailboxes;
import io.postern.store.StoreException;
import io.postern.store.index.MailboxIndex;
import io.postern.store.index.MailboxIndexes;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** SELECT and EXAMINE (RFC 3501 §6.3.1, §6.3.2), with parameters of extensions (RFC 4466 §2.1). */
record Select(MailboxArgument given, boolean readOnly, List<SelectParameter.Effect> parameters)
    implements Command.User {
  /** RFC 4314 §5.2: without one of them a mailbox is read-only. */
  private static final Rights WRITING = Rights.of("iestw");

  static final Verb SELECT = verb("SELECT", false);
  static final Verb EXAMINE = verb("EXAMINE", true);

  private static Verb verb(String name, boolean readOnly) {
    return Verb.of(name, (in, context, registry) -> parse(in, context, registry, readOnly))
        .updating(Updates.Scope.NOTHING);
  }

  private static Select parse(
      Arguments in, CommandContext context, ExtensionRegistry registry, boolean readOnly)
      throws BadSyntax {
    in.space();
    var given = in.mailbox();
    var parameters =
        Parameters.tryRead(
            in,
            "a parameter of SELECT",
            registry::selectParameter,
            (parameter, rest) -> parameter.reader().read(rest, context));
    in.end();
    return new Select(given, readOnly, parameters);
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
    if (context.view().isPresent()) {
      // RFC 7162 §3.2.11, RFC 9051 §6.3.2
      var closed = new ResponseCode.Atom("CLOSED");
      context
          .reply()
          .send(StatusResponse.of(Condition.OK, closed, "The mailbox before is closed."));
    }
    return (given instanceof MailboxArgument.Valid valid
            ? listed(context, state.identity(), valid)
            : ErrorResponses.noSuchMailbox().now())
        .onFailure(StoreException.class)
        .recoverWithItem(e -> ErrorResponses.of(e.failure()))
        .map(outcome -> deselected(outcome, state.identity()));
  }

  /**
   * Opens the mailbox, and sends its LIST response if the client has one, read at the same time.
   */
  private Uni<Outcome> listed(
      CommandContext context, Identity identity, MailboxArgument.Valid valid) {
    return Uni.combine()
        .all()
        .unis(
            open(context, identity, valid.name()),
            SelectedName.listing(context, identity.account(), valid))
        .with(
            (outcome, listing) -> {
              if (outcome instanceof Outcome.Ok) {
                listing.ifPresent(context.reply()::send);
              }
              return outcome;
            });
  }

  /** RFC 3501 §6.3.1: after a SELECT that failed, no mailbox is selected. */
  private static Outcome deselected(Outcome outcome, Identity identity) {
    return outcome instanceof Outcome.No no ? no.next(new State.Authenticated(identity)) : outcome;
  }

  private Uni<Outcome> open(CommandContext context, Identity identity, MailboxName name) {
    var current = context.current(identity, name);
    if (readOnly) {
      return current.chain(
          found ->
              found
                  .map(it -> opened(context, identity, name, it, unclaimed(it.index().state())))
                  .orElseGet(() -> ErrorResponses.noSuchMailbox().now()));
    }
    // Sent together: whichever sees a new message first, it is recent in one session.
    return Uni.combine()
        .all()
        .unis(context.ports().mailboxes().claimRecent(identity.account(), name), current)
        .asTuple()
        .chain(both -> claimed(context, identity, name, both.getItem1(), both.getItem2()));
  }

  /** The claim decides which mailbox has the name: if it was given away meanwhile, that counts. */
  private Uni<Outcome> claimed(
      CommandContext context,
      Identity identity,
      MailboxName name,
      Optional<Mailboxes.Claim> claim,
      Optional<MailboxIndexes.Named> found) {
    if (claim.isEmpty()) {
      return ErrorResponses.noSuchMailbox().now();
    }
    var mailbox = claim.get().mailbox();
    return found
        .filter(it -> it.mailbox().equals(mailbox))
        .map(it -> Uni.createFrom().item(it))
        .orElseGet(
            () ->
                context
                    .ports()
                    .indexes()
                    .current(mailbox)
                    .map(index -> new MailboxIndexes.Named(mailbox, index)))
        .chain(it -> opened(context, identity, name, it, claim.get().recent()));
  }

  private Uni<Outcome> opened(
      CommandContext context,
      Identity identity,
      MailboxName name,
      MailboxIndexes.Named found,
      NumberSet recent) {
    return context
        .ports()
        .mailboxes()
        .rights(found.mailbox())
        .chain(
            rights -> {
              var index = found.index();
              boolean unchanged = readOnly || !rights.hasAny(WRITING);
              long changeable = unchanged ? 0 : FlagsUpdate.changeableBy(rights);
              var view = new View(found.mailbox(), name, unchanged, changeable, index, recent);
              return opened(context, view, index).replaceWith(() -> done(context, identity, view));
            });
  }

  /** RFC 3501 §6.3.2: EXAMINE reports recent messages and leaves them recent for other sessions. */
  private static NumberSet unclaimed(MailboxState state) {
    return state.firstRecent() < state.uidNext()
        ? NumberSet.range(state.firstRecent(), state.uidNext() - 1)
        : NumberSet.EMPTY;
  }

  private Uni<Void> opened(CommandContext context, View view, MailboxIndex index) {
    var reply = context.reply();
    KeywordUpdates.sendFlags(index.keywords(), index.flagsInUse(), view.changeable(), reply);
    reply.send(new Untagged.Exists(index.size()));
    reply.send(new Untagged.Recent(view.recent(index)));
    if (!context.enabled().rev2() && !context.enabled().uidOnly()) {
      // RFC 9051 Appendix E: IMAP4rev2 has no such code. RFC 9586 §3: it is a sequence number.
      index
          .firstUnseen()
          .ifPresent(at -> reply.send(number("UNSEEN", at + 1, "The first one not seen.")));
    }
    reply.send(number("UIDVALIDITY", index.uidValidity().value(), "UIDs are valid."));
    reply.send(number("UIDNEXT", index.uidNext(), "The next UID."));
    context
        .extensions()
        .selectCodes(view, index)
        .forEach(
            code -> reply.send(StatusResponse.of(Condition.OK, code, "The state of the mailbox.")));
    return parameters.isEmpty()
        ? Uni.createFrom().voidItem()
        : Multi.createFrom()
            .iterable(parameters)
            .onItem()
            .transformToUniAndConcatenate(it -> it.opened(context, view, index))
            .onItem()
            .ignoreAsUni();
  }

  private static StatusResponse number(String name, long value, String text) {
    return StatusResponse.of(Condition.OK, new ResponseCode.Numeric(name, value), text);
  }

  private Outcome done(CommandContext context, Identity identity, View view) {
    var done =
        Outcome.ok((readOnly ? "EXAMINE" : "SELECT") + " completed.")
            .code(new ResponseCode.Atom(view.readOnly() ? "READ-ONLY" : "READ-WRITE"))
            .next(new State.Selected(identity, view));
    var enables = new TreeSet<String>();
    parameters.forEach(parameter -> enables.addAll(parameter.enables()));
    return enables.isEmpty() ? done : done.connection(context.connectionState().enable(enables));
  }
}
