package io.postern.auth.password;

import io.postern.store.account.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A cache of recently verified pairs of verifier and password. Stored as HMAC-SHA-256 under a
 * random key of this process, so that its memory reveals no password; a changed password has
 * another verifier and so misses. Safe for all threads.
 */
public final class Credentials {
  private static final String HMAC = "HmacSHA256";

  private record Entry(ByteBuffer digest, long expires) {}

  private final SecretKeySpec key;
  private final long lifeNanos;
  private final int max;
  private final LongSupplier clock;
  private final ConcurrentHashMap<ByteBuffer, Entry> entries = new ConcurrentHashMap<>();
  // All live equally long, so the order of insertion is the order of expiry.
  private final ConcurrentLinkedQueue<Entry> byAge = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();

  /**
   * An empty cache.
   *
   * @param life how long a pair is remembered, counted from its verification
   * @param max how many pairs are remembered; the oldest are forgotten beyond
   */
  public Credentials(Duration life, int max) {
    this(life, max, System::nanoTime);
  }

  /**
   * An empty cache with a clock of its own.
   *
   * @param clock nanoseconds
   */
  public Credentials(Duration life, int max, LongSupplier clock) {
    this.lifeNanos = life.toNanos();
    this.max = max;
    this.clock = clock;
    var octets = new byte[32];
    new SecureRandom().nextBytes(octets);
    this.key = new SecretKeySpec(octets, HMAC);
  }

  /** Whether the password was recently verified against the verifier. */
  public boolean contains(Secret verifier, Secret password) {
    var entry = entries.get(digest(verifier, password));
    return entry != null && entry.expires - clock.getAsLong() > 0;
  }

  /** Remembers that the password fits the verifier. */
  public void remember(Secret verifier, Secret password) {
    long now = clock.getAsLong();
    evict(now);
    var entry = new Entry(digest(verifier, password), now + lifeNanos);
    if (entries.putIfAbsent(entry.digest, entry) == null) {
      byAge.add(entry);
      queued.incrementAndGet();
    }
    evict(now);
  }

  /** How many pairs are remembered, those expired but not yet forgotten included. */
  int size() {
    return entries.size();
  }

  private void evict(long now) {
    for (var oldest = byAge.peek();
        oldest != null && (queued.get() > max || oldest.expires - now <= 0);
        oldest = byAge.peek()) {
      if (byAge.remove(oldest)) {
        queued.decrementAndGet();
        entries.remove(oldest.digest, oldest);
      }
    }
  }

  private ByteBuffer digest(Secret verifier, Secret password) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(key);
      mac.update(verifier.reveal().getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return ByteBuffer.wrap(mac.doFinal(password.reveal().getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + HMAC, e);
    }
  }
}
