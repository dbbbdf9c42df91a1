package io.postern.tls;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * Sets the keys of the session tickets of one TLS context and rotates them. New tickets are
 * encrypted with the key of the current period; those of the period before are accepted, and those
 * of the next one, which a replica whose clock is ahead uses already.
 */
final class TicketKeys {
  /** How long new tickets are encrypted with the same key. */
  static final Duration PERIOD = Duration.ofHours(1);

  private record Epoch(TicketSecret secret, long period) {}

  private final Consumer<List<byte[]>> context;
  private final Supplier<TicketSecret> secret;
  private final String scope;
  private final InstantSource clock;
  private final ReentrantLock rotation = new ReentrantLock();
  private volatile Epoch epoch;

  /**
   * @param context takes the keys: {@link OpenSslTickets#KEY_OCTETS} each; it encrypts new tickets
   *     with the first, and accepts those of all
   * @param secret read at each {@link #rotate}
   * @param scope sessions of another scope are not resumed
   */
  TicketKeys(
      Consumer<List<byte[]>> context,
      Supplier<TicketSecret> secret,
      String scope,
      InstantSource clock) {
    this.context = context;
    this.secret = secret;
    this.scope = scope;
    this.clock = clock;
    this.epoch = now();
    set(epoch);
  }

  private Epoch now() {
    return new Epoch(secret.get(), clock.instant().getEpochSecond() / PERIOD.toSeconds());
  }

  /**
   * Sets the keys anew when the period or the secret has changed. To be called before each
   * handshake. While one thread sets them, handshakes on others still use the keys of before, which
   * every replica accepts for one more period.
   */
  void rotate() {
    if (now().equals(epoch) || !rotation.tryLock()) {
      return;
    }
    try {
      epoch = now();
      set(epoch);
    } finally {
      rotation.unlock();
    }
  }

  private void set(Epoch epoch) {
    context.accept(
        LongStream.of(epoch.period, epoch.period - 1, epoch.period + 1)
            .mapToObj(period -> epoch.secret.derive(period, scope, OpenSslTickets.KEY_OCTETS))
            .toList());
  }
}
