package io.postern.admin.mailbox;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * How slowly a body may be sent: each portion of it within a time, in which only the wait for the
 * client counts. What the store takes to write is not the client's delay. Called from any thread.
 *
 * @see MessageUpload
 */
final class UploadPace {
  /** Octets of a portion. */
  static final int PORTION = 256 * 1024;

  /** How long the client is awaited for a portion: at least 8.5 KiB a second. */
  static final Duration WITHIN = Duration.ofSeconds(30);

  private final LongSupplier nanoTime;
  private final int portion;
  private final long within;

  private final AtomicReference<State> state =
      new AtomicReference<>(new State(0, 0, Optional.empty()));

  /**
   * What has come of a portion.
   *
   * @param octets of the portion
   * @param awaited nanoseconds in which the client was awaited for them
   * @param since when it has been awaited again; empty when it is not
   */
  private record State(int octets, long awaited, Optional<Long> since) {
    long awaitedUntil(long now) {
      return since.map(it -> awaited + now - it).orElse(awaited);
    }
  }

  /**
   * @param portion octets
   * @param within for each portion, the last one too
   */
  UploadPace(LongSupplier nanoTime, int portion, Duration within) {
    this.nanoTime = nanoTime;
    this.portion = portion;
    this.within = within.toNanos();
  }

  /** The client is awaited from now on. */
  void await() {
    long now = nanoTime.getAsLong();
    state.updateAndGet(it -> new State(it.octets, it.awaited, Optional.of(now)));
  }

  /** So many octets have come; the client is not awaited until {@link #await}. */
  void arrived(int count) {
    long now = nanoTime.getAsLong();
    state.updateAndGet(
        it ->
            it.octets + count >= portion
                ? new State(0, 0, Optional.empty())
                : new State(it.octets + count, it.awaitedUntil(now), Optional.empty()));
  }

  /** The body has ended: the client is not awaited any more. */
  void ended() {
    state.updateAndGet(it -> new State(it.octets, it.awaited, Optional.empty()));
  }

  /** Whether the client is awaited, and has been for longer than a portion may take. */
  boolean isTooSlow() {
    var now = state.get();
    return now.since.isPresent() && now.awaitedUntil(nanoTime.getAsLong()) > within;
  }
}
