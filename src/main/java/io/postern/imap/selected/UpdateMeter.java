package io.postern.imap.selected;

/** Receives the events of updates; must return quickly. */
public interface UpdateMeter {
  /** Ignores all events. */
  UpdateMeter NONE = new UpdateMeter() {};

  /** Adds to the number of idling sessions; negative when sessions stop idling. */
  default void idling(int more) {}

  /**
   * Records that an idling client was sent a change.
   *
   * @param nanos since the change was committed, by the clocks of both nodes
   */
  default void pushed(long nanos) {}

  /**
   * Records that a client was sent all updates, or all but expunges.
   *
   * @param modSeqs how many mod-sequences its view was behind
   */
  default void caughtUp(long modSeqs) {}
}
