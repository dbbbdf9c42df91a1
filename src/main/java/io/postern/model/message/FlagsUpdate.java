package io.postern.model.message;

/**
 * A change of flags by STORE (RFC 3501 §6.4.6).
 *
 * @param mode how the named flags change the stored ones
 * @param flags the flags named
 * @param unchangedSince messages with a greater mod-sequence are left as they are (RFC 7162
 *     §3.1.3); 0 or more
 */
public record FlagsUpdate(Mode mode, Flags flags, long unchangedSince) {
  /** {@code +FLAGS}, {@code -FLAGS}, {@code FLAGS}. */
  public enum Mode {
    ADD,
    REMOVE,
    REPLACE
  }

  /** A change without a condition. */
  public FlagsUpdate(Mode mode, Flags flags) {
    this(mode, flags, Long.MAX_VALUE);
  }

  /** The same change, of messages not changed since. */
  public FlagsUpdate unchangedSince(long modSeq) {
    return new FlagsUpdate(mode, flags, modSeq);
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
    return switch (mode) {
      case ADD -> before | named;
      case REMOVE -> before & ~named;
      case REPLACE -> named;
    };
  }
}
