package io.postern.store.move;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * The store that an account moves to. What it has of an arriving account is not visible before
 * {@link #complete}, and cannot be changed before {@link #open}. Every call fails with {@link
 * MoveRefused} when another run has succeeded the ticket's.
 */
public interface Arrivals {
  /**
   * A store.
   *
   * @param site its site's name
   * @param number its site's number; 0 for none
   * @param schema its newest migration
   */
  record Store(String site, int number, String schema) {}

  /**
   * An account that is to arrive.
   *
   * @param name its login name
   * @param from the store that it leaves
   * @param epoch of the home there
   * @param greatest the greatest ids of the account that look as if the arrivals' site had given
   *     them, 0 for none: of the account, its mailboxes, contents and recoverable messages. They
   *     were given before sites had numbers
   */
  record Arrival(Ticket ticket, String name, Store from, long epoch, List<Long> greatest) {
    public Arrival {
      greatest = List.copyOf(greatest);
    }
  }

  /** Whether copying may begin. */
  enum Begun {
    READY,
    /** An older copy of the account is being removed; ask again. */
    REMOVING
  }

  /**
   * The store.
   *
   * @return fails with {@link MoveRefused} when its schema is not the newest that its version knows
   */
  Uni<Store> store();

  /** Begins or continues an arrival; runs of the same move before this one may not go on. */
  Uni<Begun> begin(Arrival arrival);

  /**
   * Compares a window of rows, and removes those that the other side does not have.
   *
   * @param after the window begins behind this key
   * @param present the other side's rows in it, ascending
   * @param last whether the window has no end; otherwise it ends with the last of those rows
   * @return those that are missing or differ
   */
  Uni<List<RowKey>> compare(
      Ticket ticket, MovedRows rows, RowKey after, List<RowKey> present, boolean last);

  /** Stores chunks of octets, as {@link Departures#chunks} has them. */
  Uni<Void> putChunks(Ticket ticket, Buffer chunks);

  /**
   * Stores rows.
   *
   * @param json an array of them
   * @param first whether all rows of the kind that are not compared are removed first
   * @return a digest of the octets that the contents among them refer to
   */
  Uni<String> put(Ticket ticket, MovedRows rows, String json, boolean first);

  /** A digest of all that was copied, to be compared with the other side's. */
  Uni<List<String>> digest(Ticket ticket);

  /**
   * Everything has arrived and was compared. Logins find the account from now on, when the
   * directory names this site as its home, and it cannot be changed before {@link #open}.
   */
  Uni<Void> complete(Ticket ticket);

  /** Opens the account, whose home this site is now. Done already: nothing happens. */
  Uni<Void> open(Ticket ticket);

  /** Removes what has arrived, unless it was opened. */
  Uni<Void> discard(Ticket ticket);
}
