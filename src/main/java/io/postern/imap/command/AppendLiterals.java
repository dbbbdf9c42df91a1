package io.postern.imap.command;

import io.postern.auth.Identity;
import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.spi.AppendData;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.spi.LiteralDecision;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.Ids.MailboxKey;
import io.postern.store.Blobs;
import io.postern.store.Staging;
import io.postern.wire.Literal;
import io.postern.wire.Outbox;
import io.postern.wire.Request;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Decides on the literals of APPEND and REPLACE, before their first octet. */
final class AppendLiterals {
  /** Most messages of one command. */
  static final int MAX_MESSAGES = 64;

  /** Octets of the messages of one command that are held in memory until it ends. */
  static final int MAX_HELD = 4 * 1024 * 1024;

  private AppendLiterals() {}

  /**
   * Refuses an invalid target before the client sends a message, not after.
   *
   * @param soFar before the space that comes before the mailbox's name
   * @param several whether the command takes several messages
   */
  static Uni<LiteralDecision> decide(
      CommandContext context,
      Arguments soFar,
      Request.Head head,
      ExtensionRegistry registry,
      boolean several) {
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
      return messages(
          context,
          soFar,
          head,
          registry,
          several,
          () -> taken(context, user.identity(), mailbox, head));
    } catch (BadSyntax e) {
      return refuse(Outcome.bad("The message: " + e.getMessage() + "."));
    }
  }

  /**
   * Goes over the messages up to the one with the literal.
   *
   * @param taken decides on a literal that is the whole message
   */
  private static Uni<LiteralDecision> messages(
      CommandContext context,
      Arguments soFar,
      Request.Head head,
      ExtensionRegistry registry,
      boolean several,
      Supplier<Uni<LiteralDecision>> taken)
      throws BadSyntax {
    while (true) {
      AppendArguments.gap(soFar);
      var form = AppendArguments.attributes(soFar, context, registry).form();
      if (form.isPresent()) {
        // The literal may lie in this form of a message, or behind it.
        if (!isComplete(form.get(), soFar.fork(), context)) {
          return form.get().literal(context, soFar, head, taken);
        }
        form.get().read(soFar, context);
      } else if (soFar.atEnd()) {
        return head.binary() && !registry.appendsBinary()
            ? refuse(Outcome.bad("Expected a literal instead of a literal8."))
            : taken.get();
      } else {
        soFar.literal();
      }
      if (!several) {
        return refuse(Outcome.bad("Expected the end of the command."));
      }
    }
  }

  private static boolean isComplete(AppendData form, Arguments in, CommandContext context) {
    try {
      form.read(in, context);
      // Behind it there is the space before the literal at least.
      return in.peek() != Arguments.END;
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
    if (!before.isEmpty()) {
      return another(context, before, head);
    }
    return mailbox.valid().isPresent() && isTakenUnseen(context, identity, mailbox, head)
        ? first(context, Optional.empty(), head)
        : context
            .find(identity, mailbox)
            .chain(
                found ->
                    found
                        .map(it -> first(context, Optional.of(it.key()), head))
                        .orElseGet(() -> refuse(ErrorResponses.tryCreate())));
  }

  /**
   * Whether the mailbox need not be looked up before the message arrives. That costs a statement,
   * to spare a large message, or the wait for one, where the mailbox does not exist.
   */
  private static boolean isTakenUnseen(
      CommandContext context, Identity identity, MailboxArgument mailbox, Request.Head head) {
    return (head.size() <= Blobs.CHUNK && !head.synchronizing())
        || mailbox
            .valid()
            .flatMap(name -> context.ports().indexes().lastNamed(identity.account(), name))
            .isPresent();
  }

  /** One message is accepted however much the node holds: it holds no more than a chunk of it. */
  private static Uni<LiteralDecision> first(
      CommandContext context, Optional<MailboxKey> found, Request.Head head) {
    var holding = context.connection().out().holding();
    holding.require(Math.min(head.size(), Blobs.CHUNK));
    return spool(context, found, holding);
  }

  private static Uni<LiteralDecision> another(
      CommandContext context, List<Literal> before, Request.Head head) {
    long held =
        Stream.concat(before.stream().map(Literal::size), Stream.of(head.size()))
            .mapToLong(octets -> Math.min(octets, Blobs.CHUNK))
            .sum();
    if (before.size() >= MAX_MESSAGES || held > MAX_HELD) {
      return refuse(
          Outcome.no(
              "LIMIT",
              "A command takes at most "
                  + MAX_MESSAGES
                  + " messages, and "
                  + MAX_HELD
                  + " octets of small ones."));
    }
    var found = ((AppendSink) ((Literal.Spooled) before.getFirst()).sink()).mailbox();
    var holding = context.connection().out().holding();
    return holding.add(Math.min(head.size(), Blobs.CHUNK))
        ? spool(context, found, holding)
        : refuse(
            Outcome.no(
                "LIMIT",
                "The server holds too much for its clients now; please append fewer at once."));
  }

  private static Uni<LiteralDecision> spool(
      CommandContext context, Optional<MailboxKey> found, Outbox.Holding holding) {
    var staging = new Staging(context.ports().blobs());
    return new LiteralDecision.Spool(new AppendSink(found, staging, holding)).now();
  }

  private static Uni<LiteralDecision> refuse(Outcome.Tagged outcome) {
    return new LiteralDecision.Refuse(outcome).now();
  }
}
