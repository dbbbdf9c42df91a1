package io.postern.store.move;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * The records of moves, in the store that the accounts leave. A run holds a lease, and has an
 * attempt; what it records is refused when another run has begun.
 */
public interface MoveJobs {
  /** How long a run that records nothing keeps others from continuing the move. */
  Duration LEASE = Duration.ofSeconds(30);

  /** The same from the beginning of the freeze until the account is in use again. */
  Duration FROZEN_LEASE = Duration.ofSeconds(10);

  /** How far a move is. */
  enum Phase {
    /** Rows are copied, in rounds, while the account is in use. */
    COPY,
    /** The account is frozen, and the last rows are copied and compared. */
    FREEZE,
    /** All has arrived; the home is being changed. From here on the move can only be completed. */
    SWITCH,
    /** The home was changed; the account is being opened there. */
    OPEN,
    /** The account is in use there; its sessions here are being ended. */
    KICK,
    /** The old copy is kept for a time. */
    GRACE,
    /** The old copy was given to be removed. */
    DONE,
    CANCELLED,
    FAILED;

    /** As it is stored and shown. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * How much was copied.
   *
   * @param rounds how many rounds are complete
   * @param contents how many messages' contents were copied; copies that share one count once
   * @param octets of them
   * @param allContents how many there were at the beginning
   * @param allOctets of them
   */
  record Progress(int rounds, long contents, long octets, long allContents, long allOctets) {
    /** A further round. */
    public Progress round() {
      return new Progress(rounds + 1, contents, octets, allContents, allOctets);
    }

    /** Further contents. */
    public Progress plus(long moreContents, long moreOctets) {
      return new Progress(
          rounds, contents + moreContents, octets + moreOctets, allContents, allOctets);
    }
  }

  /**
   * The record of a move.
   *
   * @param name of the account
   * @param destination the name of the site that it moves to
   * @param epoch of the home that it leaves
   * @param frozen how long changes were refused, when it was opened
   * @param problem why it cannot go on, or has failed
   */
  record Job(
      Ticket ticket,
      String name,
      String destination,
      long epoch,
      Phase phase,
      boolean cancelled,
      Progress progress,
      Instant requested,
      Optional<Instant> finished,
      Optional<Duration> frozen,
      Optional<String> problem) {}

  /** Records a move; empty when the account is moving already. */
  Uni<Optional<Job>> request(
      Departures.Departing account, String name, String destination, long epoch);

  /** A move. */
  Uni<Optional<Job>> find(UUID move);

  /**
   * The newest moves.
   *
   * @param limit 1 to 1,000
   */
  Uni<List<Job>> list(int limit);

  /** Takes the next move that can go on and is not running: a new run. */
  Uni<Optional<Job>> take();

  /**
   * Records how far the run is, and renews its lease.
   *
   * @return whether it is still the latest
   */
  Uni<Boolean> record(Ticket ticket, Phase phase, Progress progress);

  /** The account is in use at the destination; the old copy is kept for so long. */
  Uni<Boolean> keep(Ticket ticket, Duration grace);

  /**
   * Ends the run; the move is tried again later.
   *
   * @param problem why, for administrators
   */
  Uni<Void> release(Ticket ticket, String problem, Duration pause);

  /** The move has ended without success. */
  Uni<Boolean> fail(Ticket ticket, Phase phase, String problem);

  /** Asks a move to end; not possible any more once the home is being changed. */
  Uni<Boolean> cancel(UUID move);
}
