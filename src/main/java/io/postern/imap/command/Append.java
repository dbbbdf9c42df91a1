package io.postern.imap.command;

import io.postern.auth.Identity;
import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.spi.AppendData;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.spi.Verb.LiteralDecision;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.store.Blobs;
import io.postern.store.Destination;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.NewMessage;
import io.postern.store.Staging;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.wire.Literal;
import io.postern.wire.Request;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * APPEND (RFC 3501 §6.3.11): the messages are streamed into the store as they come; more than one
 * if an extension allows that (RFC 3502). Extensions add options, and other forms of a message (RFC
 * 4466 §2.6).
 */
record Append(MailboxArgument mailbox, List<AppendArguments.Message> messages)
    implements Command.User {
  /** Most messages of one command. */
  static final int MAX_MESSAGES = 64;

  /** Octets of the messages of one command that are held in memory until it ends. */
  static final int MAX_HELD = 4 * 1024 * 1024;

  static final Verb VERB = Verb.of("APPEND", Append::parse).literals(Append::decide);

  private static Append parse(Arguments in, CommandContext context) throws BadSyntax {
    AppendArguments.gap(in);
    var mailbox = in.mailbox();
    var messages = new ArrayList<AppendArguments.Message>();
    do {
      messages.add(AppendArguments.message(in, context));
    } while (!in.atEnd() && context.extensions().appendsSeveral());
    in.end();
    return new Append(mailbox, messages);
  }

  /** Refuses an invalid target before the client sends a message, not after. */
  private static Uni<LiteralDecision> decide(
      CommandContext context, Arguments soFar, Request.Head head) {
    if (!(context.state() instanceof State.LoggedIn user)) {
      return refuse(Outcome.bad("LOGIN or AUTHENTICATE first."));
    }
    try {
      AppendArguments.gap(soFar);
      // The mailbox name may be a literal itself, which is held.
      if (soFar.atEnd()) {
        return new LiteralDecision.Hold().now();
      }
      var mailbox = soFar.mailbox();
      while (true) {
        AppendArguments.gap(soFar);
        var attributes = AppendArguments.attributes(soFar, context);
        if (attributes.form().isPresent()) {
          // The literal may lie in this form of a message, or behind it.
          var behind = soFar.fork();
          if (!isComplete(attributes.form().get(), behind, context)) {
            return attributes.form().get().literal(context, soFar, head);
          }
          attributes.form().get().read(soFar, context);
        } else if (soFar.atEnd()) {
          return taken(context, user.identity(), mailbox, head);
        } else {
          soFar.literal();
        }
        if (!context.extensions().appendsSeveral()) {
          return refuse(Outcome.bad("APPEND: expected the end of the command."));
        }
      }
    } catch (BadSyntax e) {
      return refuse(Outcome.bad("APPEND: " + e.getMessage() + "."));
    }
  }

  private static boolean isComplete(AppendData form, Arguments in, CommandContext context) {
    try {
      form.read(in, context);
      return !in.atEnd();
    } catch (BadSyntax incomplete) {
      return false;
    }
  }

  private static Uni<LiteralDecision> taken(
      CommandContext context, Identity identity, MailboxArgument mailbox, Request.Head head) {
    long largest = context.ports().live().now().maxReceiveSize().asLongValue();
    if (head.size() > largest) {
      return refuse(Outcome.no("TOOBIG", "A message has at most " + largest + " octets here."));
    }
    if (head.size() == 0) {
      return refuse(Outcome.no("CANNOT", "A message has at least one octet."));
    }
    var before =
        head.literals().stream()
            .filter(it -> it instanceof Literal.Spooled(AppendSink _, _))
            .toList();
    long held =
        Stream.concat(before.stream().map(Literal::size), Stream.of(head.size()))
            .mapToLong(octets -> Math.min(octets, Blobs.CHUNK))
            .sum();
    if (before.size() >= MAX_MESSAGES || held > MAX_HELD) {
      return refuse(
          Outcome.no(
              "LIMIT",
              "APPEND takes at most "
                  + MAX_MESSAGES
                  + " messages, and "
                  + MAX_HELD
                  + " octets of small ones."));
    }
    if (!before.isEmpty()) {
      return spool(context, ((AppendSink) ((Literal.Spooled) before.getFirst()).sink()).mailbox());
    }
    return mailbox.valid().isPresent() && isTakenUnseen(context, identity, mailbox, head)
        ? spool(context, Optional.empty())
        : context
            .find(identity, mailbox)
            .chain(
                found ->
                    found
                        .map(it -> spool(context, Optional.of(it.key())))
                        .orElseGet(() -> refuse(ErrorResponses.tryCreate())));
  }

  /**
   * Whether the mailbox need not be looked up before the message arrives: it costs a statement, to
   * spare a message that comes in any case, or that is small and probably has a mailbox.
   */
  private static boolean isTakenUnseen(
      CommandContext context, Identity identity, MailboxArgument mailbox, Request.Head head) {
    return head.size() <= Blobs.CHUNK
        && (!head.synchronizing()
            || mailbox
                .valid()
                .flatMap(name -> context.ports().indexes().lastNamed(identity.account(), name))
                .isPresent());
  }

  private static Uni<LiteralDecision> spool(CommandContext context, Optional<MailboxKey> found) {
    var staging = new Staging(context.ports().blobs());
    return new LiteralDecision.Spool(new AppendSink(found, staging)).now();
  }

  private static Uni<LiteralDecision> refuse(Outcome.Tagged outcome) {
    return new LiteralDecision.Refuse(outcome).now();
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
    return context.withTarget(
        state.identity(),
        mailbox,
        to -> stage(context, state).chain(all -> append(context, to, all)));
  }

  private Uni<List<NewMessage>> stage(CommandContext context, State.LoggedIn state) {
    return Multi.createFrom()
        .iterable(messages)
        .onItem()
        .transformToUniAndConcatenate(it -> it.staged(context, state))
        .collect()
        .asList();
  }

  private Uni<Outcome> append(CommandContext context, Destination.Named to, List<NewMessage> all) {
    return write(context, to, all)
        .onFailure(failure -> hasFailed(failure, StoreFailure.NoSuchMailbox.class))
        .recoverWithUni(missing -> toFound(context, all, missing));
  }

  /** The mailbox may have got another name while the messages arrived. */
  private Uni<Outcome> toFound(CommandContext context, List<NewMessage> all, Throwable missing) {
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

  /** All messages or none (RFC 3502). */
  private static Uni<Outcome> write(CommandContext context, Destination to, List<NewMessage> all) {
    return context
        .ports()
        .messages()
        .append(to, all)
        .invoke(it -> context.listener().appended(it.mailbox(), it.change()))
        .map(it -> appended(it.change(), context.listener().isSelected(it.mailbox())));
  }

  private static Outcome appended(Changed changed, boolean selected) {
    // RFC 4315 §3
    var uids = new NumberSet.Builder();
    for (int i = 0; i < changed.changed().size(); i++) {
      uids.add(changed.changed().uid(i));
    }
    return Outcome.ok("APPEND completed.")
        .changed(selected)
        .code(new ResponseCode.AppendUid(changed.state().uidValidity(), uids.build()));
  }
}
