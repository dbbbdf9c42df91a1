package io.postern.store.postgres.tx;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How many connections one event loop has, the one for short reads apart.
 *
 * @param longReads 1 or more
 * @param writes for writes and transactions, 1 or more
 */
record ConnectionShare(int longReads, int writes) {
  /** The fewest that an event loop can have: one of each kind. */
  static final int LEAST = 3;

  /** All, that for short reads included. */
  int total() {
    return 1 + longReads + writes;
  }

  /**
   * Splits a node's connections over its event loops. When they are too few for all, several loops
   * use the connections of one; below {@link #LEAST} there are no shares: all calls use one pool.
   *
   * @param connections of the node, 1 or more
   * @param loops the event loops, 1 or more
   */
  static List<ConnectionShare> split(int connections, int loops) {
    int shares = Math.min(loops, connections / LEAST);
    return IntStream.range(0, shares)
        .map(i -> connections / shares + (i < connections % shares ? 1 : 0))
        .mapToObj(ConnectionShare::of)
        .toList();
  }

  private static ConnectionShare of(int total) {
    int longReads = (total - 1) / 2;
    return new ConnectionShare(longReads, total - 1 - longReads);
  }
}
