package io.postern.model;

/** The special use of a mailbox (RFC 6154 §2). */
public enum SpecialUse {
  ALL("\\All"),
  ARCHIVE("\\Archive"),
  DRAFTS("\\Drafts"),
  FLAGGED("\\Flagged"),
  JUNK("\\Junk"),
  SENT("\\Sent"),
  TRASH("\\Trash");

  private final String attribute;

  SpecialUse(String attribute) {
    this.attribute = attribute;
  }

  /** As LIST shows it, with its backslash. */
  public String attribute() {
    return attribute;
  }
}
