package io.postern.model;

/**
 * A unique identifier of a message in a mailbox (RFC 3501 §2.3.1.1).
 *
 * @param value 1 to 4,294,967,295; strictly ascending within one UIDVALIDITY, never reused
 */
public record Uid(long value) implements Comparable<Uid> {
  /** The greatest UID there can be. */
  public static final long MAX = 0xFFFF_FFFFL;

  public Uid {
    if (value < 1 || value > MAX) {
      throw new IllegalArgumentException("a UID is 1 to " + MAX + ", was " + value);
    }
  }

  @Override
  public int compareTo(Uid other) {
    return Long.compare(value, other.value);
  }

  // Written out: a native executable interprets what the compiler makes of a record, at length.
  @Override
  public boolean equals(Object other) {
    return other instanceof Uid it && value == it.value;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(value);
  }
}
