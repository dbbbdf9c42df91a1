package io.postern.store.move;

import io.postern.model.Ids.AccountId;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The store that an account moves from. */
public interface Departures {
  /** How many octets of chunks are read at once, about. */
  int CHUNK_OCTETS = 4 << 20;

  /**
   * An account.
   *
   * @param contents how many it has
   * @param octets their sizes
   * @param obstacle why it cannot move
   */
  record Departing(AccountId account, long contents, long octets, Optional<String> obstacle) {}

  /**
   * A window of rows.
   *
   * @param last whether there are none behind it
   */
  record Window(List<RowKey> rows, boolean last) {
    public Window {
      rows = List.copyOf(rows);
    }
  }

  /**
   * Rows.
   *
   * @param json an array
   * @param blobs whose octets contents among them refer to
   * @param digest of these octets
   * @param more how many rows were read, where a part of all is read; 0 at the end
   */
  record Rows(String json, List<UUID> blobs, String digest, int more) {
    public Rows {
      blobs = List.copyOf(blobs);
    }
  }

  /**
   * Chunks of octets: of each the blob's id (16 octets), its number (4), its length (4) and its
   * octets.
   *
   * @param blob of the last of them
   * @param number of the last of them
   */
  record Chunks(Buffer octets, UUID blob, int number) {
    /** Before all. Not a constant, which a native executable cannot keep. */
    public static Chunks none() {
      return new Chunks(Buffer.buffer(), new UUID(0, 0), -1);
    }
  }

  /**
   * This store.
   *
   * @return fails with {@link MoveRefused} when its schema is not the newest that this version
   *     knows
   */
  Uni<Arrivals.Store> store();

  /** The account of the name, unless it does not exist, was deleted, or has left. */
  Uni<Optional<Departing>> find(String name);

  /** The greatest ids that a site might give again; see {@link Arrivals.Arrival}. */
  Uni<List<Long>> greatest(AccountId account, int number);

  /** The next rows that are compared. */
  Uni<Window> window(AccountId account, MovedRows rows, RowKey after);

  /** Rows that are compared; those that are gone meanwhile are left out. */
  Uni<Rows> rows(AccountId account, MovedRows kind, List<RowKey> keys);

  /**
   * Rows that are replaced.
   *
   * @param skip how many of them to skip
   */
  Uni<Rows> rows(AccountId account, MovedRows kind, int skip);

  /** The chunks of blobs, behind others; none at the end. */
  Uni<Chunks> chunks(List<UUID> blobs, Chunks after);

  /**
   * Freezes the account when all changes under way have ended: further ones are refused.
   *
   * @return whether this run of the move is the latest
   */
  Uni<Boolean> freeze(Ticket ticket);

  /** Ends the freeze. */
  Uni<Boolean> thaw(Ticket ticket);

  /** A digest of all that is copied. */
  Uni<List<String>> digest(AccountId account);

  /** Another site is the home now: what is here is the old copy, which is not visible. */
  Uni<Boolean> leave(Ticket ticket);

  /** Has the old copy removed. */
  Uni<Void> sweep(AccountId account);
}
