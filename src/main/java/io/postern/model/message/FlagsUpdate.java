package io.postern.model.message;

import io.postern.model.Rights;

/**
 * A change of flags by STORE (RFC 3501 §6.4.6).
 *
 * @param mode how the named flags change the stored ones
 * @param flags the flags named
 * @param changeable packed flags that the user may change; the others stay as they are
 * @param unchangedSince messages with a greater mod-sequence are left as they are (RFC 7162
 *     §3.1.3); 0 or more
 */
public record FlagsUpdate(Mode mode, Flags flags, long changeable, long unchangedSince) {
  /** {@code +FLAGS}, {@code -FLAGS}, {@code FLAGS}. */
  public enum Mode {
    ADD,
    REMOVE,
    REPLACE
  }

  private static final Rights SEEN = Rights.of("s");
  private static final Rights DELETED = Rights.of("t");
  private static final Rights OTHERS = Rights.of("w");

  /** The packed flags that these rights allow to change (RFC 4314 §4, STORE). */
  public static long changeableBy(Rights rights) {
    long special = SystemFlag.SEEN.bit() | SystemFlag.DELETED.bit();
    return (rights.has(OTHERS) ? ~special : 0)
        | (rights.has(SEEN) ? SystemFlag.SEEN.bit() : 0)
        | (rights.has(DELETED) ? SystemFlag.DELETED.bit() : 0);
  }

  /** A change without a condition. */
  public FlagsUpdate(Mode mode, Flags flags) {
    this(mode, flags, -1, Long.MAX_VALUE);
  }

  /** The same change, of messages not changed since. */
  public FlagsUpdate unchangedSince(long modSeq) {
    return new FlagsUpdate(mode, flags, changeable, modSeq);
  }

  /** The same change of these packed flags alone. */
  public FlagsUpdate within(long packed, Flags named) {
    return new FlagsUpdate(mode, named, packed, unchangedSince);
  }

  /** Whether some mod-sequences are too great for it. */
  public boolean isConditional() {
    return unchangedSince < Long.MAX_VALUE;
  }

  /** Whether a message of this mod-sequence may be changed. */
  public boolean allows(long modSeq) {
    return modSeq <= unchangedSince;
  }

  /** The packed flags after the update. */
  public long apply(long before, long named) {
    long after =
        switch (mode) {
          case ADD -> before | named;
          case REMOVE -> before & ~named;
          case REPLACE -> named;
        };
    return (before & ~changeable) | (after & changeable);
  }
}
