package io.postern.imap.notify;

/**
 * Events of a mailbox (RFC 5465 §5).
 *
 * @param messages MessageNew and MessageExpunge
 * @param flags FlagChange
 * @param names MailboxName
 * @param subscriptions SubscriptionChange
 * @param annotations MailboxMetadataChange
 * @param server ServerMetadataChange, whatever mailbox it was asked for with
 */
record Events(
    boolean messages,
    boolean flags,
    boolean names,
    boolean subscriptions,
    boolean annotations,
    boolean server) {
  static final Events NONE = new Events(false, false, false, false, false, false);

  /** Those of annotations. */
  static final Events ANNOTATIONS = new Events(false, false, false, false, true, true);

  /** These and others. */
  Events and(Events other) {
    return new Events(
        messages || other.messages,
        flags || other.flags,
        names || other.names,
        subscriptions || other.subscriptions,
        annotations || other.annotations,
        server || other.server);
  }

  boolean isEmpty() {
    return equals(NONE);
  }
}
