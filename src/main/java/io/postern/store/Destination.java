package io.postern.store;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import java.util.Optional;

/** Where messages are added: a mailbox, or the one that has a name when they are written. */
public sealed interface Destination {
  /** Whose mailbox. */
  AccountId account();

  /** A mailbox, whatever its name. */
  record Keyed(MailboxKey key) implements Destination {
    @Override
    public AccountId account() {
      return key.account();
    }
  }

  /**
   * The mailbox that has the name at that moment.
   *
   * @param selected the mailbox that the caller has selected to read and write: if it is this one
   *     and no other message of it is unclaimed, the messages are claimed as {@code \Recent} in the
   *     caller's session
   */
  record Named(AccountId account, MailboxName name, Optional<MailboxKey> selected)
      implements Destination {}
}
