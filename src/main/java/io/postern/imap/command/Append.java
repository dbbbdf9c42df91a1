package io.postern.imap.command;

import io.postern.auth.Identity;
import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.DateText;
import io.postern.imap.grammar.FlagText;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.ErrorResponses;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Verb;
import io.postern.model.Flags;
import io.postern.model.InternalDate;
import io.postern.model.MailboxInfo;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.NewMessage;
import io.postern.store.Staged;
import io.postern.store.Staging;
import io.postern.wire.Literal;
import io.postern.wire.LiteralPlan;
import io.postern.wire.Request;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** APPEND (RFC 3501 §6.3.11): the message is streamed into the store as it comes. */
record Append(Target target, Literal message) implements Command.User {
  static final Verb VERB = Verb.of("APPEND", Append::parse).literals(Append::plan);

  /** The target and attributes of the message: all arguments before it. */
  record Target(MailboxArgument mailbox, Flags flags, Optional<InternalDate> date) {}

  private static Append parse(Arguments in) throws BadSyntax {
    gap(in);
    var target = target(in);
    var message = in.literal();
    in.end();
    return new Append(target, message);
  }

  private static Target target(Arguments in) throws BadSyntax {
    var mailbox = in.mailbox();
    gap(in);
    var flags = Flags.NONE;
    if (in.peek() == '(') {
      flags = FlagText.list(in);
      gap(in);
    }
    Optional<InternalDate> date = Optional.empty();
    if (in.peek() == '"') {
      date = Optional.of(DateText.dateTime(in));
      gap(in);
    }
    return new Target(mailbox, flags, date);
  }

  /** Reads a space even at the end, where an announced literal is not present yet. */
  private static void gap(Arguments in) throws BadSyntax {
    in.octet(' ', "a space and another argument");
  }

  /** Refuses an invalid target before the client sends the message, not after. */
  private static Uni<LiteralPlan> plan(
      CommandContext context, State state, Arguments soFar, Request.Head head) {
    var identity = state.who();
    if (identity.isEmpty()) {
      return refused(context, Outcome.bad("LOGIN or AUTHENTICATE first."));
    }
    try {
      gap(soFar);
      // The mailbox name may be a literal itself, which is held.
      if (soFar.atEnd()) {
        return Uni.createFrom().item(new LiteralPlan.Hold());
      }
      var target = target(soFar);
      if (!soFar.atEnd()) {
        throw soFar.expected("the message as a literal");
      }
      return taken(context, identity.get(), target, head);
    } catch (BadSyntax e) {
      return refused(context, Outcome.bad("APPEND: " + e.getMessage() + "."));
    }
  }

  private static Uni<LiteralPlan> taken(
      CommandContext context, Identity identity, Target target, Request.Head head) {
    long largest = context.ports().live().now().maxReceiveSize().asLongValue();
    if (head.size() > largest) {
      return refused(
          context, Outcome.no("TOOBIG", "A message has at most " + largest + " octets here."));
    }
    if (head.size() == 0) {
      return refused(context, Outcome.no("CANNOT", "A message has at least one octet."));
    }
    return context
        .find(identity, target.mailbox)
        .map(
            found ->
                found.isPresent()
                    ? new LiteralPlan.Spool(new AppendSink(new Staging(context.ports().blobs())))
                    : context.refuse(ErrorResponses.tryCreate()));
  }

  private static Uni<LiteralPlan> refused(CommandContext context, Outcome outcome) {
    return Uni.createFrom().item(context.refuse(outcome));
  }

  @Override
  public Uni<Outcome> run(CommandContext context, Identity identity) {
    if (!(message instanceof Literal.Spooled(AppendSink sink, _))) {
      return Outcome.bad("APPEND: the message is not a literal of its own.").now();
    }
    return context.resolveTarget(
        identity,
        target.mailbox,
        mailbox -> sink.finish().chain(staged -> append(context, mailbox, staged)));
  }

  private Uni<Outcome> append(CommandContext context, MailboxInfo mailbox, Staged staged) {
    var date = target.date.orElseGet(() -> InternalDate.of(Instant.now()));
    return context
        .ports()
        .messages()
        .append(mailbox.key(), List.of(new NewMessage(staged, target.flags, date)))
        .invoke(changed -> context.listener().changed(mailbox.key(), changed.modSeq()))
        .map(Append::appended);
  }

  private static Outcome appended(Changed changed) {
    // RFC 4315 §3
    long validity = changed.state().uidValidity().value();
    return Outcome.ok("APPEND completed.")
        .code("APPENDUID " + validity + " " + changed.changed().uid(0));
  }
}
