package io.postern.model.message;

/**
 * A change of flags by STORE (RFC 3501 §6.4.6).
 *
 * @param mode how the named flags change the stored ones
 * @param flags the flags named
 */
public record FlagsUpdate(Mode mode, Flags flags) {
  /** {@code +FLAGS}, {@code -FLAGS}, {@code FLAGS}. */
  public enum Mode {
    ADD,
    REMOVE,
    REPLACE
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
