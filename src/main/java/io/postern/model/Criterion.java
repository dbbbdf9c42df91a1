package io.postern.model;

import java.time.LocalDate;
import java.util.List;

/** The closed algebra of search: what may be asked of a message (RFC 3501 §6.4.4). */
public sealed interface Criterion {
  /** Every message. */
  record All() implements Criterion {}

  /** All of these; of none, every message. */
  record And(List<Criterion> all) implements Criterion {
    public And {
      all = List.copyOf(all);
    }
  }

  /** Either. */
  record Or(Criterion one, Criterion other) implements Criterion {}

  /** Not this. */
  record Not(Criterion of) implements Criterion {}

  /** The stored system flag is set. */
  record HasFlag(SystemFlag flag) implements Criterion {}

  /** The keyword is set, compared without case. */
  record HasKeyword(String keyword) implements Criterion {}

  /** {@code \Recent} in the asking session. */
  record Recent() implements Criterion {}

  /** Its sequence number in the asking session is one of these. */
  record Numbered(SequenceSet numbers) implements Criterion {}

  /** Its UID is one of these. */
  record HasUid(SequenceSet uids) implements Criterion {}

  /** More octets than this. */
  record Larger(long octets) implements Criterion {}

  /** Fewer octets than this. */
  record Smaller(long octets) implements Criterion {}

  /** The day it came in. */
  record InternalDay(When when, LocalDate day) implements Criterion {}

  /** The day of its Date header, zone left aside. */
  record SentDay(When when, LocalDate day) implements Criterion {}

  /**
   * A header field of this name whose decoded text contains this; empty text: the field is there.
   */
  record Header(String field, String text) implements Criterion {}

  /**
   * The same of a field that lists addresses; or the addresses in it contain the text, as ENVELOPE
   * shows them.
   */
  record Addresses(String field, String text) implements Criterion {}

  /** The decoded text of the body contains this. */
  record Body(String text) implements Criterion {}

  /** The decoded header or body contains this. */
  record Text(String text) implements Criterion {}

  /** How a day is compared. */
  enum When {
    BEFORE,
    ON,
    SINCE;

    /** Whether the day is so, compared with the one asked for. */
    public boolean holds(LocalDate day, LocalDate asked) {
      return switch (this) {
        case BEFORE -> day.isBefore(asked);
        case ON -> day.equals(asked);
        case SINCE -> !day.isBefore(asked);
      };
    }
  }
}
