package io.postern.store;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.store.Messages.Loaded;
import io.postern.store.Messages.Since;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Reads what an index of a mailbox holds. Every call with its key may fail with MailboxGone. */
public interface IndexReader {
  /**
   * An index that the caller has.
   *
   * @param mailbox whose index
   * @param modSeq all changes up to here are in it
   * @param uidNext all messages below it are in it
   */
  record Known(MailboxKey mailbox, ModSeq modSeq, long uidNext) {}

  /** What is read of a mailbox that was looked up by its name. */
  sealed interface Found {
    /** Which mailbox has the name. */
    MailboxKey mailbox();

    /** It is not the one whose index is known: the whole mailbox. */
    record Whole(MailboxKey mailbox, Loaded loaded) implements Found {}

    /** The changes since the known index. */
    record Changes(MailboxKey mailbox, Since since) implements Found {}
  }

  /**
   * Reads the mailbox of this name, all at one moment; empty when there is none.
   *
   * @param known the index of the mailbox that probably has the name, if there is one
   */
  Uni<Optional<Found>> find(AccountId account, MailboxName name, Optional<Known> known);

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

  /**
   * The UIDs removed after the mod-sequence, ascending; may include some that the caller never
   * knew. Empty when removals so long ago are not recorded any more.
   */
  default Uni<Optional<NumberSet>> expungedSince(MailboxKey mailbox, ModSeq since) {
    return changesSince(mailbox, since).map(changes -> Optional.of(changes.gone()));
  }

  /**
   * The size of a content that is not shown as it is stored.
   *
   * @param octets of it
   * @param crlfOctets of it when every line ends with CRLF
   */
  record ShownSize(int octets, long crlfOctets) {}

  /**
   * Whether some contents are not shown as they are stored: their sizes are {@link #shownSizes},
   * not those of an index.
   */
  default boolean renders() {
    return false;
  }

  /**
   * The sizes of those contents that are not shown as they are stored. May take long where they are
   * not known yet, and ends with its subscription.
   */
  default Uni<Map<ContentId, ShownSize>> shownSizes(AccountId account, Collection<ContentId> ids) {
    return Uni.createFrom().item(Map.of());
  }
}
