package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.spi.LiteralDecision;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.RefusedException;
import io.postern.imap.state.State;
import io.postern.model.NumberSet;
import io.postern.store.Destination;
import io.postern.store.Messages.Appended;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.NewMessage;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.wire.Request;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * APPEND (RFC 3501 §6.3.11): the messages are streamed into the store as they come; more than one
 * if an extension allows that (RFC 3502). Extensions add options, and other forms of a message (RFC
 * 4466 §2.6).
 */
record Append(MailboxArgument mailbox, List<AppendArguments.Message> messages)
    implements Command.User {
  static final Verb VERB = Verb.of("APPEND", Append::parse).literals(Append::decide);

  private static Uni<LiteralDecision> decide(
      CommandContext context, Arguments soFar, Request.Head head, ExtensionRegistry registry) {
    return AppendLiterals.decide(context, soFar, head, registry, registry.appendsSeveral());
  }

  private static Append parse(Arguments in, CommandContext context, ExtensionRegistry registry)
      throws BadSyntax {
    AppendArguments.gap(in);
    var mailbox = in.mailbox();
    var messages = new ArrayList<AppendArguments.Message>();
    do {
      messages.add(AppendArguments.message(in, context, registry));
    } while (!in.atEnd() && registry.appendsSeveral());
    in.end();
    return new Append(mailbox, messages);
  }

  /** An APPEND of one message, of another command (RFC 8508 §3.2). */
  static Append one(Arguments in, CommandContext context, ExtensionRegistry registry)
      throws BadSyntax {
    AppendArguments.gap(in);
    var mailbox = in.mailbox();
    var message = AppendArguments.message(in, context, registry);
    in.end();
    return new Append(mailbox, List.of(message));
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
    int most = context.extensions().saveLimit();
    if (messages.size() > most) {
      // RFC 9738 §3.1
      var code = new ResponseCode.MessageLimit(most, OptionalLong.empty());
      return Outcome.no(code, "At most " + most + " messages are appended at once.").now();
    }
    return appending(
        context,
        state,
        it ->
            Outcome.ok("APPEND completed.")
                .changed(context.listener().isSelected(it.mailbox()))
                .code(uids(it.change()))
                .now());
  }

  /**
   * Appends all messages or none (RFC 3502).
   *
   * @param then what follows when they are appended, and the client's session knows
   */
  Uni<Outcome> appending(
      CommandContext context, State.LoggedIn state, Function<Appended, Uni<Outcome>> then) {
    return context
        .withTarget(
            state.identity(),
            mailbox,
            to ->
                stage(context, state)
                    .onFailure(RefusedException.class)
                    .recoverWithUni(refused -> ifExists(context, state, to, refused))
                    .chain(all -> append(context, to, all))
                    .chain(then::apply))
        .invoke(
            outcome -> {
              if (outcome instanceof Outcome.Ok && mailbox instanceof MailboxArgument.Valid valid) {
                SelectedName.sendIfChanged(context, valid, List.of());
              }
            });
  }

  /** That there is no such mailbox precedes what is wrong with the message. */
  private static <T> Uni<T> ifExists(
      CommandContext context, State.LoggedIn state, Destination.Named to, Throwable refused) {
    return context
        .ports()
        .mailboxes()
        .find(state.identity().account(), to.name())
        .chain(
            found ->
                Uni.createFrom()
                    .failure(
                        found.isPresent()
                            ? refused
                            : new StoreException(new StoreFailure.NoSuchMailbox(to.name()))));
  }

  private Uni<List<NewMessage>> stage(CommandContext context, State.LoggedIn state) {
    return Multi.createFrom()
        .iterable(messages)
        .onItem()
        .transformToUniAndConcatenate(it -> it.staged(context, state))
        .collect()
        .asList();
  }

  private Uni<Appended> append(CommandContext context, Destination.Named to, List<NewMessage> all) {
    return write(context, to, all)
        .onFailure(failure -> hasFailed(failure, StoreFailure.NoSuchMailbox.class))
        .recoverWithUni(missing -> toFound(context, all, missing));
  }

  /** The mailbox may have got another name while the messages arrived. */
  private Uni<Appended> toFound(CommandContext context, List<NewMessage> all, Throwable missing) {
    return messages
        .getFirst()
        .source()
        .target()
        .map(key -> write(context, new Destination.Keyed(key), all))
        .orElseGet(() -> Uni.createFrom().failure(missing))
        .onFailure(failure -> hasFailed(failure, StoreFailure.MailboxGone.class))
        .transform(_ -> missing);
  }

  private static boolean hasFailed(Throwable failure, Class<? extends StoreFailure> why) {
    return failure instanceof StoreException e && why.isInstance(e.failure());
  }

  private static Uni<Appended> write(CommandContext context, Destination to, List<NewMessage> all) {
    return context
        .ports()
        .messages()
        .append(to, all)
        .invoke(it -> context.listener().appended(it.mailbox(), it.change()));
  }

  /** The UIDs of the messages (RFC 4315 §3). */
  static ResponseCode uids(Changed changed) {
    var uids = new NumberSet.Builder();
    for (int i = 0; i < changed.changed().size(); i++) {
      uids.add(changed.changed().uid(i));
    }
    return new ResponseCode.AppendUid(changed.state().uidValidity(), uids.build());
  }
}
