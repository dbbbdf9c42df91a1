package io.postern.imap.command;

import io.postern.wire.Outbox;

/**
 * Counts the octets of the texts that one command compares: bounded for the command, and charged to
 * what the node holds for all of its clients. On the connection's context.
 */
final class HeldTexts {
  /** Octets that are charged at once: the node's count is shared by all event loops. */
  private static final int STEP = 16 * 1024;

  private final String command;
  private final long most;
  private final Outbox.Holding holding;
  private long octets;
  private long charged;

  /**
   * @param most octets for one command
   */
  HeldTexts(String command, long most, Outbox.Holding holding) {
    this.command = command;
    this.most = most;
    this.holding = holding;
  }

  /**
   * Adds octets.
   *
   * @throws SearchBudget.Exceeded when the command, or the node, holds too many
   */
  void add(long more) {
    octets += more;
    if (octets > most) {
      throw new SearchBudget.Exceeded(
          "The texts that one " + command + " compares have at most " + most + " octets.");
    }
    while (octets > charged) {
      if (!holding.add(STEP)) {
        throw new SearchBudget.Exceeded(
            "The server holds too much for its clients now; please "
                + command
                + " fewer messages.");
      }
      charged += STEP;
    }
  }

  /** Gives all of it back. */
  void release() {
    holding.release();
  }
}
