package io.postern.imap.notify;

/**
 * Events of a mailbox (RFC 5465 §5).
 *
 * @param messages MessageNew and MessageExpunge
 * @param flags FlagChange
 * @param names MailboxName
 * @param subscriptions SubscriptionChange
 */
record Events(boolean messages, boolean flags, boolean names, boolean subscriptions) {
  static final Events NONE = new Events(false, false, false, false);

  /** These and others. */
  Events and(Events other) {
    return new Events(
        messages || other.messages,
        flags || other.flags,
        names || other.names,
        subscriptions || other.subscriptions);
  }

  boolean isEmpty() {
    return equals(NONE);
  }
}
