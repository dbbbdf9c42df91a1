package io.postern.store.move;

/** The kinds of rows that make up an account. */
public enum MovedRows {
  /** Facts of messages; immutable. Their octets precede them. */
  CONTENT,
  /** Pages of messages. */
  PAGE,
  ACCOUNT,
  MAILBOX,
  MAILBOX_STATE,
  SUBSCRIPTION,
  EXPUNGED,
  MAILDROP_LOCK,
  RECOVERY,
  APP_PASSWORD,
  ACCOUNT_QUOTA,
  /** Rights to mailboxes that others have, by their names. */
  MAILBOX_ACCESS,
  /** Annotations, by the names of those who see them. */
  ANNOTATION,
  /** Full access that others have, by their names. */
  GRANT;

  /**
   * Whether the sides compare them, and copy those that differ; the others are few, and replaced as
   * a whole while the account is frozen.
   */
  public boolean compared() {
    return this == CONTENT || this == PAGE;
  }
}
