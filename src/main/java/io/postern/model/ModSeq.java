package io.postern.model;

/**
 * A modification sequence (RFC 7162 §3). Within a mailbox the order of mod-sequences is the order
 * of commits.
 *
 * @param value 1 to 2^63 - 1; a mailbox that never changed has 1
 */
public record ModSeq(long value) implements Comparable<ModSeq> {
  /** The mod-sequence of a mailbox before its first change. */
  public static final ModSeq FIRST = new ModSeq(1);

  public ModSeq {
    if (value < 1) {
      throw new IllegalArgumentException("a mod-sequence is at least 1, was " + value);
    }
  }

  /** Whether this one was assigned after the other. */
  public boolean isAfter(ModSeq other) {
    return value > other.value;
  }

  @Override
  public int compareTo(ModSeq other) {
    return Long.compare(value, other.value);
  }

  // Written out: a native executable interprets what the compiler makes of a record, at length.
  @Override
  public boolean equals(Object other) {
    return other instanceof ModSeq it && value == it.value;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(value);
  }
}
