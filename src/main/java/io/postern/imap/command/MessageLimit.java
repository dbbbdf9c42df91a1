package io.postern.imap.command;

import io.postern.imap.response.ResponseCode;
import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.state.Outcome;
import io.postern.model.NumberSet;
import io.postern.model.Uid;
import io.postern.store.index.MailboxIndex;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The most messages that one command handles (RFC 9738 §3.1). Of more it handles those with the
 * highest UIDs; the client repeats it for the UIDs below the lowest of these.
 *
 * @param most at least 1; {@link Integer#MAX_VALUE} without a limit
 */
public record MessageLimit(int most) {
  /** The limit of the commands of a session. */
  public static MessageLimit of(CommandContext context) {
    return new MessageLimit(context.extensions().messageLimit());
  }

  /** Whether commands may handle any number of messages. */
  boolean isNone() {
    return most == Integer.MAX_VALUE;
  }

  /**
   * The part of a command's messages that it handles.
   *
   * @param lowest the lowest UID of the part; empty when it is all of them
   */
  public record Part(MessageLimit limit, OptionalLong lowest) {
    /** Those of the command's UIDs that are in the part. */
    public NumberSet of(NumberSet uids) {
      return lowest.isPresent()
          ? uids.intersection(NumberSet.range(lowest.getAsLong(), Uid.MAX))
          : uids;
    }

    /** The outcome, which names the lowest UID if there were more messages. */
    public Outcome completed(Outcome outcome) {
      return lowest.isPresent() && outcome instanceof Outcome.Ok ok
          ? ok.limitedTo(new ResponseCode.MessageLimit(limit.most, lowest))
          : outcome;
    }
  }

  /** The part of the messages with these UIDs. */
  public Part part(View view, MailboxIndex index, NumberSet uids) {
    return index.size() <= most
        ? new Part(this, OptionalLong.empty())
        : part(index, view.positions(index, uids));
  }

  /**
   * The part of the messages at these positions.
   *
   * @param positions in the index, ascending
   */
  public Part part(MailboxIndex index, int[] positions) {
    return new Part(
        this,
        positions.length <= most
            ? OptionalLong.empty()
            : OptionalLong.of(index.uid(positions[positions.length - most])));
  }

  /** The positions of the part, descending if it is not all of them (RFC 9738 §3.1). */
  int[] positions(int[] positions) {
    if (positions.length <= most) {
      return positions;
    }
    int[] part = new int[most];
    Arrays.setAll(part, i -> positions[positions.length - 1 - i]);
    return part;
  }

  /** The outcome of a command that handles all its messages or none. */
  Outcome.No refusal(OptionalLong lowest) {
    var code = new ResponseCode.MessageLimit(most, lowest);
    return Outcome.no(code, "A command handles at most " + most + " messages.");
  }
}
