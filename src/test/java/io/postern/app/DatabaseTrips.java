package io.postern.app;

import java.util.List;

/**
 * What a server sent to PostgreSQL.
 *
 * @param trips statements that were awaited one after another; what was sent without awaiting an
 *     answer is one
 * @param statements that were executed, those of one trip counted one by one
 * @param writes transactions that PostgreSQL gave an id: each is a flush to disk
 * @param sent the statements' texts, for whoever looks for a trip to save
 */
record DatabaseTrips(int trips, int statements, int writes, List<String> sent) {
  /** The same with so many more writes. */
  DatabaseTrips writing(int more) {
    return new DatabaseTrips(trips, statements, writes + more, sent);
  }

  /**
   * The lesser of each number: what else a server does now and then can only add to it. The texts
   * are those of the run with fewer trips.
   */
  DatabaseTrips least(DatabaseTrips other) {
    return new DatabaseTrips(
        Math.min(trips, other.trips),
        Math.min(statements, other.statements),
        Math.min(writes, other.writes),
        other.trips < trips ? other.sent : sent);
  }
}
