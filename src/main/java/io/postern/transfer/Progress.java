package io.postern.transfer;

/** Receives how far a transfer is. */
@FunctionalInterface
public interface Progress {
  /**
   * Called after each message.
   *
   * @param fraction of the whole, 0 to 1
   * @param count what was done so far
   */
  void done(double fraction, Count count);

  /**
   * What was done.
   *
   * @param read messages of the source
   * @param added those that are in the target now and were not before
   * @param present those that the target had already
   * @param refused those that the target does not take
   * @param octets of all that were read
   */
  record Count(long read, long added, long present, long refused, long octets) {
    /** Nothing yet. */
    public static final Count NONE = new Count(0, 0, 0, 0, 0);

    Count added(long size) {
      return new Count(read + 1, added + 1, present, refused, octets + size);
    }

    Count present(long size) {
      return new Count(read + 1, added, present + 1, refused, octets + size);
    }

    Count refused(long size) {
      return new Count(read + 1, added, present, refused + 1, octets + size);
    }

    /** The sum. */
    public Count plus(Count other) {
      return new Count(
          read + other.read,
          added + other.added,
          present + other.present,
          refused + other.refused,
          octets + other.octets);
    }
  }
}
