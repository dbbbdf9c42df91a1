package io.postern.imap.command;

import io.postern.auth.Identity;
import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.DateText;
import io.postern.imap.grammar.FlagText;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.spi.AppendData;
import io.postern.imap.spi.AppendData.Source;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.spi.Verb.LiteralDecision;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.MailboxInfo;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.InternalDate;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.NewMessage;
import io.postern.store.Staged;
import io.postern.store.Staging;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.wire.Literal;
import io.postern.wire.Request;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * APPEND (RFC 3501 §6.3.11): the message is streamed into the store as it comes. Extensions add
 * options, and other forms of the message (RFC 4466 §2.6).
 */
record Append(Target target, Source source) implements Command.User {
  static final Verb VERB = Verb.of("APPEND", Append::parse).literals(Append::decide);

  /**
   * The target and attributes of the message: all arguments before it.
   *
   * @param form of the message, other than a literal
   */
  record Target(
      MailboxArgument mailbox,
      Flags flags,
      Optional<InternalDate> date,
      List<UnaryOperator<NewMessage>> options,
      Optional<AppendData> form) {
    NewMessage message(Staged staged) {
      var at = date.orElseGet(() -> InternalDate.of(Instant.now()));
      var message = new NewMessage(staged, flags, at);
      for (var option : options) {
        message = option.apply(message);
      }
      return message;
    }
  }

  private static Append parse(Arguments in, CommandContext context) throws BadSyntax {
    gap(in);
    var target = target(in, context);
    var source =
        target.form.isPresent() ? target.form.get().read(in, context) : literal(in.literal());
    in.end();
    return new Append(target, source);
  }

  private static Target target(Arguments in, CommandContext context) throws BadSyntax {
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
    var options = new ArrayList<UnaryOperator<NewMessage>>();
    Optional<AppendData> form = Optional.empty();
    while (form.isEmpty() && !in.atEnd() && in.peek() != Arguments.LITERAL) {
      long start = in.position();
      var name = in.word("the message as a literal");
      var option = context.extensions().appendOption(name);
      form = context.extensions().appendData(name);
      if (option.isPresent()) {
        gap(in);
        options.add(option.get().reader().read(in, context));
        gap(in);
      } else if (form.isEmpty()) {
        throw new BadSyntax("the message as a literal", start);
      }
    }
    return new Target(mailbox, flags, date, options, form);
  }

  /** Reads a space even at the end, where an announced literal is not present yet. */
  private static void gap(Arguments in) throws BadSyntax {
    in.octet(' ', "a space and another argument");
  }

  /** Refuses an invalid target before the client sends the message, not after. */
  private static Uni<LiteralDecision> decide(
      CommandContext context, Arguments soFar, Request.Head head) {
    if (!(context.state() instanceof State.LoggedIn user)) {
      return refuse(Outcome.bad("LOGIN or AUTHENTICATE first."));
    }
    try {
      gap(soFar);
      // The mailbox name may be a literal itself, which is held.
      if (soFar.atEnd()) {
        return new LiteralDecision.Hold().now();
      }
      var target = target(soFar, context);
      return target.form.isPresent()
          ? target.form.get().literal(context, soFar, head)
          : taken(context, user.identity(), target, head);
    } catch (BadSyntax e) {
      return refuse(Outcome.bad("APPEND: " + e.getMessage() + "."));
    }
  }

  private static Uni<LiteralDecision> taken(
      CommandContext context, Identity identity, Target target, Request.Head head) {
    long largest = context.ports().live().now().maxReceiveSize().asLongValue();
    if (head.size() > largest) {
      return refuse(Outcome.no("TOOBIG", "A message has at most " + largest + " octets here."));
    }
    if (head.size() == 0) {
      return refuse(Outcome.no("CANNOT", "A message has at least one octet."));
    }
    return context
        .find(identity, target.mailbox)
        .map(
            found ->
                found
                    .<LiteralDecision>map(
                        mailbox -> {
                          var staging = new Staging(context.ports().blobs());
                          return new LiteralDecision.Spool(new AppendSink(mailbox, staging));
                        })
                    .orElseGet(() -> new LiteralDecision.Refuse(ErrorResponses.tryCreate())));
  }

  private static Uni<LiteralDecision> refuse(Outcome.Tagged outcome) {
    return new LiteralDecision.Refuse(outcome).now();
  }

  private static Source literal(Literal message) throws BadSyntax {
    if (!(message instanceof Literal.Spooled(AppendSink sink, _))) {
      throw new BadSyntax("the message as a literal of its own", 1);
    }
    return new Arrived(sink);
  }

  /** The message that arrived as a literal. */
  private record Arrived(AppendSink sink) implements Source {
    @Override
    public Uni<Staged> staged(CommandContext context, State.LoggedIn state) {
      return sink.finish();
    }

    @Override
    public Optional<MailboxInfo> target() {
      return Optional.of(sink.mailbox());
    }
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
    return source
        .target()
        .map(found -> stage(context, state).chain(it -> appendToFound(context, state, found, it)))
        .orElseGet(
            () ->
                resolveTarget(
                    context,
                    state,
                    mailbox -> stage(context, state).chain(it -> append(context, mailbox, it))));
  }

  private Uni<NewMessage> stage(CommandContext context, State.LoggedIn state) {
    return source.staged(context, state).map(target::message);
  }

  private Uni<Outcome> resolveTarget(
      CommandContext context, State.LoggedIn state, Function<MailboxInfo, Uni<Outcome>> work) {
    return context.resolveTarget(state.identity(), target.mailbox, work);
  }

  /** If the mailbox was deleted while the message arrived, another may have its name now. */
  private Uni<Outcome> appendToFound(
      CommandContext context, State.LoggedIn state, MailboxInfo found, NewMessage message) {
    return append(context, found, message)
        .onFailure(Append::isMailboxGone)
        .recoverWithUni(
            () -> resolveTarget(context, state, mailbox -> append(context, mailbox, message)));
  }

  private static boolean isMailboxGone(Throwable failure) {
    return failure instanceof StoreException e && e.failure() instanceof StoreFailure.MailboxGone;
  }

  private static Uni<Outcome> append(
      CommandContext context, MailboxInfo mailbox, NewMessage message) {
    return context
        .ports()
        .messages()
        .append(mailbox.key(), List.of(message))
        .invoke(changed -> context.listener().changed(mailbox.key(), changed.modSeq()))
        .map(Append::appended);
  }

  private static Outcome appended(Changed changed) {
    // RFC 4315 §3
    var uids = NumberSet.of(changed.changed().uid(0));
    return Outcome.ok("APPEND completed.")
        .code(new ResponseCode.AppendUid(changed.state().uidValidity(), uids));
  }
}
