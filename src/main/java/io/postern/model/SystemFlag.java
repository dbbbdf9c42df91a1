package io.postern.model;

/** The flags of RFC 3501 §2.3.2 that are stored. {@code \Recent} is a session's, not a message's. */
public enum SystemFlag {
  ANSWERED("\\Answered"),
  FLAGGED("\\Flagged"),
  DELETED("\\Deleted"),
  SEEN("\\Seen"),
  DRAFT("\\Draft");

  private final String text;

  SystemFlag(String text) {
    this.text = text;
  }

  /** As written on the wire, with its backslash. */
  public String text() {
    return text;
  }

  /** Its bit in packed flags: the lowest five. */
  public long bit() {
    return 1L << ordinal();
  }
}
