package io.postern.store.postgres.message;

import io.postern.model.NumberSet;
import io.postern.model.message.MessageColumns;
import io.postern.store.Messages.Changed;
import io.postern.store.StoreException;
import io.postern.store.index.MailboxIndex;

/** A change of a mailbox that is computed from its index: of flags, or removals. */
interface IndexOperation {
  /**
   * What the change makes of an index; a function of the index alone, because it is computed again
   * when another node was faster.
   *
   * @throws StoreException when the change is refused
   */
  Result on(MailboxIndex index);

  /**
   * The result of an operation.
   *
   * @param after the index after it; the same object when nothing changed
   * @param change what changed
   * @param removed the messages that it removed
   * @param recoverable whether what it removed can be restored
   */
  record Result(MailboxIndex after, Changed change, MessageColumns removed, boolean recoverable) {
    /** Nothing changed. */
    static Result none(MailboxIndex index) {
      return none(index, NumberSet.EMPTY);
    }

    /** Nothing changed; for these messages because the condition was not met. */
    static Result none(MailboxIndex index, NumberSet modified) {
      var row = MailboxStateRow.of(index);
      var change = row.changedTo(row, MessageColumns.EMPTY).modified(modified);
      return new Result(index, change, MessageColumns.EMPTY, false);
    }
  }
}
