package io.postern.store.move;

/** The kinds of rows that make up an account. */
public enum MovedRows {
  /** Facts of messages; immutable. Their octets precede them. */
  CONTENT(32),
  /** Pages of messages. */
  PAGE(100),
  /** Recoverable messages; as many rows as there were commands that removed some. */
  RECOVERY(4),
  ACCOUNT,
  MAILBOX,
  MAILBOX_STATE,
  SUBSCRIPTION,
  EXPUNGED,
  MAILDROP_LOCK,
  APP_PASSWORD,
  ACCOUNT_QUOTA,
  /** Rights to mailboxes that others have, by their names. */
  MAILBOX_ACCESS,
  /** Annotations, by the names of those who see them. */
  ANNOTATION,
  /** Full access that others have, by their names. */
  GRANT;

  private final int batch;

  MovedRows() {
    this(0);
  }

  MovedRows(int batch) {
    this.batch = batch;
  }

  /** How many rows of a kind that is compared are copied at once: each may be large. */
  public int batch() {
    return batch;
  }

  /**
   * Whether the sides compare them, and copy those that differ; the others are few, and replaced as
   * a whole while the account is frozen.
   */
  public boolean compared() {
    return batch > 0;
  }
}
