package io.postern.model.message;

/**
 * The flags of RFC 3501 §2.3.2 that are stored. {@code \Recent} is a session's, not a message's.
 */
public enum SystemFlag {
  ANSWERED("\\Answered", 0),
  FLAGGED("\\Flagged", 1),
  DELETED("\\Deleted", 2),
  SEEN("\\Seen", 3),
  DRAFT("\\Draft", 4);

  private final String text;
  private final long bit;

  SystemFlag(String text, int position) {
    this.text = text;
    this.bit = 1L << position;
  }

  /** As written on the wire, with its backslash. */
  public String text() {
    return text;
  }

  /** Its bit in packed flags, one of the lowest five; stored, so it never changes. */
  public long bit() {
    return bit;
  }
}
