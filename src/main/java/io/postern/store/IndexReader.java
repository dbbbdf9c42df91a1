package io.postern.store;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import io.postern.store.Messages.Loaded;
import io.postern.store.Messages.Since;
import io.smallrye.mutiny.Uni;

/** Reads what an index of a mailbox holds. Every call may fail with MailboxGone. */
public interface IndexReader {
  /** The whole mailbox, for an index. */
  Uni<Loaded> load(MailboxKey mailbox);

  /** The changes after the mod-sequence, for a view that lags. */
  Uni<Since> changesSince(MailboxKey mailbox, ModSeq since);

  /**
   * The changes after the mod-sequence, for an index.
   *
   * @param uidNext of the index: messages below it are known there, so that their size, dates and
   *     content may be left 0
   */
  default Uni<Since> changesSince(MailboxKey mailbox, ModSeq since, long uidNext) {
    return changesSince(mailbox, since);
  }
}
