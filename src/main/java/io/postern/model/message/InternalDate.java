package io.postern.model.message;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * The internal date of a message, with the zone it was given in (RFC 3501 §2.3.3): FETCH returns
 * what APPEND gave, and SEARCH compares the calendar day of that zone.
 *
 * @param epochSecond seconds since 1970-01-01T00:00Z; the years 0001 to 9999
 * @param offsetMinutes minutes east of UTC, -1,080 to 1,080
 */
public record InternalDate(long epochSecond, int offsetMinutes) {
  private static final int ZONE_BITS = 12;
  private static final int ZONE_BIAS = 1 << (ZONE_BITS - 1);
  private static final int MAX_OFFSET = 18 * 60;

  public InternalDate {
    if (Math.abs(offsetMinutes) > MAX_OFFSET) {
      throw new IllegalArgumentException("a zone is at most 18:00 from UTC, was " + offsetMinutes);
    }
  }

  /** The given date-time, to the second. */
  public static InternalDate of(OffsetDateTime when) {
    return new InternalDate(when.toEpochSecond(), when.getOffset().getTotalSeconds() / 60);
  }

  /** An instant, shown in UTC. */
  public static InternalDate of(Instant when) {
    return new InternalDate(when.getEpochSecond(), 0);
  }

  /** Both parts in one number, for arrays. */
  public long packed() {
    return epochSecond << ZONE_BITS | (offsetMinutes + ZONE_BIAS);
  }

  /** The inverse of {@link #packed()}. */
  public static InternalDate unpack(long packed) {
    return new InternalDate(
        packed >> ZONE_BITS, (int) (packed & ((1 << ZONE_BITS) - 1)) - ZONE_BIAS);
  }

  /** The date-time in its own zone. */
  public OffsetDateTime dateTime() {
    return Instant.ofEpochSecond(epochSecond)
        .atOffset(ZoneOffset.ofTotalSeconds(offsetMinutes * 60));
  }

  /** The calendar day in its own zone: what SEARCH ON, BEFORE and SINCE compare. */
  public LocalDate day() {
    return dateTime().toLocalDate();
  }
}
