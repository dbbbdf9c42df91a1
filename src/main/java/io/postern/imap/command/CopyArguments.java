package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.MessageSet;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.NumberSet;
import io.postern.store.Destination;
import io.postern.store.Messages.Copied;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.BiFunction;

/** The arguments of COPY and MOVE: messages, and the mailbox they go to. */
public record CopyArguments(MessageSet set, MailboxArgument to) {
  /** Parses the arguments. */
  public static CopyArguments read(Arguments in, CommandContext context, boolean byUid)
      throws BadSyntax {
    in.space();
    var set = MessageSet.read(in, context, byUid);
    in.space();
    var to = in.mailbox();
    in.end();
    return new CopyArguments(set, to);
  }

  /**
   * Runs the work on the UIDs of the messages and on the mailbox that has the name then.
   *
   * @param limit of the messages
   * @param inParts whether of more messages than the limit a part is handled, or none
   */
  public Uni<Outcome> run(
      CommandContext context,
      State.Selected state,
      MessageLimit limit,
      boolean inParts,
      BiFunction<NumberSet, Destination, Uni<Outcome>> work) {
    return context.resolve(
        state.view(),
        set,
        (index, uids) -> {
          if (!isComplete(state, uids)) {
            return ErrorResponses.expungeIssued().now();
          }
          var part = limit.part(state.view(), index, uids);
          if (part.lowest().isPresent() && !inParts) {
            return limit.refusal(part.lowest()).now();
          }
          return new Progress(context)
              .during(
                  () ->
                      context.withTarget(
                          state.identity(), to, target -> work.apply(part.of(uids), target)))
              .map(part::completed);
        });
  }

  /** RFC 2180 §4.4.1: of messages named by numbers all are copied, or none. */
  private boolean isComplete(State.Selected state, NumberSet uids) {
    return !(set instanceof MessageSet.Numbers) || state.view().gone(uids).isEmpty();
  }

  /** COPYUID (RFC 4315 §3); empty when nothing was copied. */
  public static Optional<ResponseCode> copyUid(Copied copied) {
    return copied.from().isEmpty()
        ? Optional.empty()
        : Optional.of(new ResponseCode.CopyUid(copied.uidValidity(), copied.from(), copied.to()));
  }
}
