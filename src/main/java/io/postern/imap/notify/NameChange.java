package io.postern.imap.notify;

import io.postern.model.MailboxName;
import java.util.Optional;

/**
 * A name that is affected by a change (RFC 5465 §5.4).
 *
 * @param old the name that its mailbox had, if it was renamed
 * @param removed whether no mailbox had the name, before what follows
 */
record NameChange(MailboxName name, Optional<MailboxName> old, boolean removed) {
  /** A name that a mailbox has now, or that is above one. */
  static NameChange of(MailboxName name) {
    return new NameChange(name, Optional.empty(), false);
  }
}
