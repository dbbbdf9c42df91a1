package io.postern.store.index;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Which mailbox a name belonged to when this node last read it: a guess, which spares work when it
 * is right and must do no harm when it is wrong. A direct-mapped cache: a name displaces another
 * with the same slot. At most {@value #SLOTS} names, about 2 MB. Safe for all threads.
 */
final class MailboxNames {
  private static final int SLOTS = 8_192;

  /** Longer names are not kept. */
  private static final int LONGEST = 100;

  /** A name within its account. */
  record Name(AccountId account, MailboxName name) {}

  private record Entry(Name name, MailboxKey mailbox) {}

  private final AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(SLOTS);

  Optional<MailboxKey> get(Name name) {
    return Optional.ofNullable(entries.get(slot(name)))
        .filter(entry -> entry.name.equals(name))
        .map(Entry::mailbox);
  }

  void put(Name name, MailboxKey mailbox) {
    if (name.name.value().length() <= LONGEST) {
      entries.set(slot(name), new Entry(name, mailbox));
    }
  }

  private static int slot(Name name) {
    int hash = 31 * Long.hashCode(name.account.value()) + name.name.value().hashCode();
    return (hash ^ hash >>> 16) & (SLOTS - 1);
  }
}
