package io.postern.model.message;

import io.postern.model.Ids.ContentId;
import io.postern.model.NumberSet;
import io.postern.model.SequenceSet;
import java.time.LocalDate;
import java.util.List;

/** A search criterion for messages; the type is closed (RFC 3501 §6.4.4). */
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

  /** {@code \Recent} in the searching session. */
  record Recent() implements Criterion {}

  /** Its sequence number in the searching session is one of these. */
  record Numbered(SequenceSet numbers) implements Criterion {}

  /** Its UID is one of these. */
  record HasUid(SequenceSet uids) implements Criterion {}

  /** Its UID is in this set, which may be empty. */
  record InUids(NumberSet uids) implements Criterion {}

  /** A mod-sequence of this or more (RFC 7162 §3.1.5). */
  record ModSeqFrom(long modSeq) implements Criterion {}

  /** More octets than this. */
  record Larger(long octets) implements Criterion {}

  /** Fewer octets than this. */
  record Smaller(long octets) implements Criterion {}

  /** It has this content. */
  record HasContent(ContentId content) implements Criterion {}

  /**
   * Its internal date as a point in time, compared with another; both include that.
   *
   * @param epochSecond seconds since 1970-01-01T00:00Z
   * @param before whether it is that or earlier; else that or later
   */
  record InternalTime(long epochSecond, boolean before) implements Criterion {}

  /** The day, in UTC, on which it was added to the mailbox. */
  record SavedDay(When when, LocalDate day) implements Criterion {}

  /** Its internal date, compared by day. */
  record InternalDay(When when, LocalDate day) implements Criterion {}

  /** The day of its Date header, without regard to the zone. */
  record SentDay(When when, LocalDate day) implements Criterion {}

  /** A header field of this name whose decoded text contains this; empty text: the field exists. */
  record Header(String field, String text) implements Criterion {}

  /**
   * The same for a field of addresses; the text may also be in the addresses as ENVELOPE shows
   * them.
   */
  record Addresses(String field, String text) implements Criterion {}

  /** The decoded text of the body contains this. */
  record Body(String text) implements Criterion {}

  /** The decoded header or body contains this. */
  record Text(String text) implements Criterion {}

  /** The same by resemblance, as far as texts are compared in it (RFC 6203 §3). */
  record Fuzzy(Criterion of) implements Criterion {}

  /** Whether a criterion of this kind is in it. */
  default boolean mentions(Class<? extends Criterion> kind) {
    return kind.isInstance(this)
        || switch (this) {
          case And(var all) -> all.stream().anyMatch(one -> one.mentions(kind));
          case Or(var one, var other) -> one.mentions(kind) || other.mentions(kind);
          case Not(var of) -> of.mentions(kind);
          case Fuzzy(var of) -> of.mentions(kind);
          case All _,
              HasFlag _,
              HasKeyword _,
              Recent _,
              Numbered _,
              HasUid _,
              InUids _,
              ModSeqFrom _,
              Larger _,
              Smaller _,
              HasContent _,
              InternalTime _,
              SavedDay _,
              InternalDay _,
              SentDay _,
              Header _,
              Addresses _,
              Body _,
              Text _ ->
              false;
        };
  }

  /** How a day is compared. */
  enum When {
    BEFORE,
    ON,
    SINCE;

    /** Whether the day matches, compared with the requested one. */
    public boolean holds(LocalDate day, LocalDate reference) {
      return switch (this) {
        case BEFORE -> day.isBefore(reference);
        case ON -> day.equals(reference);
        case SINCE -> !day.isBefore(reference);
      };
    }
  }
}
