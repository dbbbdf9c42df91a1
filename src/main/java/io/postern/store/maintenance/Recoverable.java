package io.postern.store.maintenance;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.Uid;
import io.postern.model.message.Flags;
import io.postern.model.message.InternalDate;
import io.postern.store.Messages.Changed;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Messages that EXPUNGE, CLOSE or POP3 removed, until their retention ends ({@code
 * mail.retention.deleted-item}). Those removed by MOVE or with a deleted mailbox are not included.
 */
public interface Recoverable {
  /** The most messages that one call lists or restores. */
  int MAX_ITEMS = 1_000;

  /**
   * A recoverable message.
   *
   * @param id by which it is restored; never used twice
   * @param mailbox it was removed from, which may no longer exist
   * @param uid its UID there
   * @param flags its system flags; keywords are not kept
   * @param size octets
   * @param removed when it was removed
   */
  record Item(
      long id,
      MailboxId mailbox,
      Uid uid,
      Flags flags,
      int size,
      InternalDate internalDate,
      Instant removed) {}

  /**
   * An account's removed messages, ascending by id.
   *
   * @param after the id behind which to begin; 0 for the first ones
   * @param limit how many at most, 1 to {@link #MAX_ITEMS}
   */
  Uni<List<Item>> list(AccountId account, long after, int limit);

  /**
   * Restores the messages that are still recoverable to a mailbox of the account, with new UIDs in
   * the order of the ids, without {@code \Deleted}.
   *
   * <p>Fails with MailboxGone.
   *
   * @param ids at most {@link #MAX_ITEMS}
   */
  Uni<Changed> restore(Collection<Long> ids, MailboxKey to);
}
