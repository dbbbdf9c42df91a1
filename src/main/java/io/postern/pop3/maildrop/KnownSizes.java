package io.postern.pop3.maildrop;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.UidValidity;
import io.postern.store.index.MailboxIndex;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The mailboxes of which this node knows that all messages below a UID are sent with as many octets
 * as they are stored with. The octets of a message never change (RFC 3501 §2.3.1.1), so this stays
 * true of those that are left, and a login to a maildrop without new messages need not read their
 * sizes. A direct-mapped cache: a mailbox displaces another with the same slot. At most {@value
 * #SLOTS} mailboxes, about 400 KB. Safe for all threads.
 */
public final class KnownSizes {
  static final int SLOTS = 4_096;

  private record Known(MailboxKey mailbox, UidValidity validity, long uidNext) {}

  private final AtomicReferenceArray<Known> mailboxes = new AtomicReferenceArray<>(SLOTS);

  /** Whether all messages of the mailbox are known to be sent as they are stored. */
  boolean areStored(MailboxKey mailbox, MailboxIndex index) {
    return of(mailbox, index).equals(mailboxes.get(slot(mailbox)));
  }

  /** All messages of the mailbox are sent as they are stored. */
  void learn(MailboxKey mailbox, MailboxIndex index) {
    mailboxes.set(slot(mailbox), of(mailbox, index));
  }

  private static Known of(MailboxKey mailbox, MailboxIndex index) {
    return new Known(mailbox, index.uidValidity(), index.uidNext());
  }

  /** Ids of mailboxes come from one sequence. */
  private static int slot(MailboxKey mailbox) {
    return (int) (mailbox.mailbox().value() & (SLOTS - 1));
  }
}
