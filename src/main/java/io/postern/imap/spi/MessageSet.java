package io.postern.imap.spi;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.SetText;
import io.postern.imap.selected.View;
import io.postern.model.NumberSet;
import io.postern.model.SequenceSet;
import io.postern.store.index.MailboxIndex;

/** The messages that a command names. */
public sealed interface MessageSet {
  /** Sequence numbers. */
  record Numbers(SequenceSet numbers) implements MessageSet {}

  /** UIDs. */
  record Uids(SequenceSet uids) implements MessageSet {}

  /** The messages that a marker of an extension stands for, by UID; maybe none. */
  record Marked(NumberSet uids) implements MessageSet {}

  /** Parses a sequence set, or the marker of an extension in its place (RFC 5182 §2). */
  static MessageSet read(Arguments in, CommandContext context, boolean byUid) throws BadSyntax {
    if (!byUid) {
      context.requireNumbers(in);
    }
    var marked = context.extensions().marked(in.peek(), context);
    if (marked.isPresent()) {
      in.octet((char) in.peek(), "a sequence set");
      return new Marked(marked.get());
    }
    var set = SetText.read(in);
    return byUid ? new Uids(set) : new Numbers(set);
  }

  /**
   * UIDs of the messages in the view, in ranges that may also cover UIDs of no message, but none
   * that was not sent.
   *
   * @throws IllegalArgumentException for a sequence number above {@link View#exists}
   */
  default NumberSet in(View view, MailboxIndex index) {
    return switch (this) {
      case Numbers(var numbers) -> view.numbered(index, numbers);
      case Uids(var uids) -> view.uids(index, uids);
      case Marked(var uids) -> uids;
    };
  }
}
