package io.postern.model;

/**
 * The validity of a mailbox's UIDs (RFC 3501 §2.3.1.1).
 *
 * @param value 1 to 4,294,967,295; per account never assigned twice, so a mailbox deleted and
 *     created again under its old name never has an old value
 */
public record UidValidity(long value) {
  public UidValidity {
    if (value < 1 || value > Uid.MAX) {
      throw new IllegalArgumentException("a UIDVALIDITY is 1 to " + Uid.MAX + ", was " + value);
    }
  }

  // Written out: a native executable interprets what the compiler makes of a record, at length.
  @Override
  public boolean equals(Object other) {
    return other instanceof UidValidity it && value == it.value;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(value);
  }
}
