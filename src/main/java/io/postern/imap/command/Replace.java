package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.imap.selected.View;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.spi.LiteralDecision;
import io.postern.imap.spi.MessageSet;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.NumberSet;
import io.postern.model.SequenceSet;
import io.postern.store.Messages.Appended;
import io.postern.store.index.MailboxIndex;
import io.postern.wire.Request;
import io.smallrye.mutiny.Uni;

/**
 * REPLACE and UID REPLACE (RFC 8508): appends a message, then removes the one it replaces. When the
 * removal fails both are there: none is lost.
 *
 * @param set the one message that is replaced
 */
public record Replace(MessageSet set, Append append) implements Command.Mailbox {
  public static final Verb REPLACE = verb("REPLACE", false);
  public static final Verb UID_REPLACE = verb("UID REPLACE", true);

  private static Verb verb(String name, boolean byUid) {
    return Verb.of(name, (in, context, registry) -> parse(in, context, registry, byUid))
        .literals(
            (context, soFar, head, registry) -> decide(context, soFar, head, registry, byUid));
  }

  private static Replace parse(
      Arguments in, CommandContext context, ExtensionRegistry registry, boolean byUid)
      throws BadSyntax {
    if (!byUid) {
      context.requireNumbers(in);
    }
    var number = number(in);
    var set = byUid ? new MessageSet.Uids(number) : new MessageSet.Numbers(number);
    return new Replace(set, Append.one(in, context, registry));
  }

  /** RFC 8508 §5: seq-number. */
  private static SequenceSet number(Arguments in) throws BadSyntax {
    in.space();
    if (in.tryOctet('*')) {
      return SequenceSet.of(SequenceSet.STAR);
    }
    long start = in.position();
    long number = in.number();
    if (number == 0) {
      throw new BadSyntax("the number of a message", start);
    }
    return SequenceSet.of(number);
  }

  private static Uni<LiteralDecision> decide(
      CommandContext context,
      Arguments soFar,
      Request.Head head,
      ExtensionRegistry registry,
      boolean byUid) {
    if (!(context.state() instanceof State.Selected(_, View view))) {
      return refuse(Outcome.bad("SELECT a mailbox first."));
    }
    if (view.readOnly()) {
      return refuse(ErrorResponses.readOnly());
    }
    try {
      if (!byUid) {
        context.requireNumbers(soFar);
      }
      number(soFar);
      return AppendLiterals.decide(context, soFar, head, registry, false);
    } catch (BadSyntax e) {
      var problem = "REPLACE: " + e.getMessage() + ".";
      return refuse(
          e.code().map(code -> Outcome.bad(code, problem)).orElseGet(() -> Outcome.bad(problem)));
    }
  }

  private static Uni<LiteralDecision> refuse(Outcome.Tagged outcome) {
    return new LiteralDecision.Refuse(outcome).now();
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.Selected state) {
    return state.view().readOnly()
        ? ErrorResponses.readOnly().now()
        : context.resolve(state.view(), set, (index, uids) -> replace(context, state, index, uids));
  }

  private Uni<Outcome> replace(
      CommandContext context, State.Selected state, MailboxIndex index, NumberSet uids) {
    if (!state.view().gone(uids).isEmpty()) {
      return ErrorResponses.expungeIssued().now();
    }
    if (index.present(uids).isEmpty()) {
      return Outcome.no("NONEXISTENT", "There is no message to replace.").now();
    }
    return append.appending(
        context, state, appended -> remove(context, state.view(), uids, appended));
  }

  /** RFC 8508 §4.3: APPENDUID precedes the EXPUNGE, which the command's updates send. */
  private static Uni<Outcome> remove(
      CommandContext context, View view, NumberSet uids, Appended appended) {
    return context
        .ports()
        .messages()
        .remove(view.mailbox(), uids)
        .invoke(
            removed -> {
              context.listener().changed(view.mailbox(), removed.modSeq());
              context
                  .reply()
                  .send(
                      StatusResponse.of(
                          Condition.OK, Append.uids(appended.change()), "The new message."));
            })
        .map(removed -> Outcome.ok("REPLACE completed.").changed(!removed.gone().isEmpty()));
  }
}
