package io.postern.store.content;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * A map from keys to runs of octets outside the heap, bounded in octets. Evicts by second chance
 * (Corbató 1968): in the order of arrival, an entry that was read since its last turn aside.
 *
 * <p>Safe for all threads without locks. An evicted entry is marked first, then its blocks are
 * given back, then another entry may be written to them. A reader copies the octets and then looks
 * at the mark: if it is not set, no block was given back before the copy was complete.
 *
 * @param <K> the keys, which need equals and hashCode
 * @param <H> what is kept of an entry on the heap
 */
final class OffHeapCache<K, H> {
  /** Octets of the heap that an entry takes, counted as if they were outside of it. */
  private static final int OVERHEAD = 256;

  /** One entry takes at most one part in so many of the cache. */
  private static final int SHARE = 8;

  /** So many removed entries may wait in the queue beyond as many as there are in the map. */
  private static final int MAX_STALE = 1_000;

  /** An entry. Two are never equal. */
  static final class Entry<K, H> {
    private final K key;
    private final H head;
    private final int[] blocks;
    private final AtomicBoolean evicted = new AtomicBoolean();
    private volatile boolean used;

    private Entry(K key, H head, int[] blocks) {
      this.key = key;
      this.head = head;
      this.blocks = blocks;
    }

    K key() {
      return key;
    }

    /** What is kept of it on the heap. */
    H head() {
      return head;
    }

    private long weight() {
      return weightOf(blocks.length);
    }
  }

  private final Slab slab;
  private final LongSupplier limit;
  private final Map<K, Entry<K, H>> entries = new ConcurrentHashMap<>();
  private final Queue<Entry<K, H>> arrivals = new ConcurrentLinkedQueue<>();
  private final AtomicLong octets = new AtomicLong();
  private final AtomicInteger stale = new AtomicInteger();
  private final LongAdder evictions = new LongAdder();

  /**
   * @param most octets that the limit will ever be
   * @param limit octets that it may take now, asked at each change; 0 for no entry at all
   */
  OffHeapCache(long most, LongSupplier limit) {
    this.slab = new Slab(most);
    this.limit = limit;
  }

  /** The entry of a key. It counts as used. */
  Optional<Entry<K, H>> get(K key) {
    var entry = Optional.ofNullable(entries.get(key));
    entry.filter(it -> !it.used).ifPresent(it -> it.used = true);
    return entry;
  }

  /** Whether a key has an entry, which does not count as used by this. */
  boolean has(K key) {
    return entries.containsKey(key);
  }

  /** Copies some octets of an entry; empty if it was evicted meanwhile. */
  Optional<byte[]> read(Entry<K, H> entry, int from, int length) {
    var copy = new byte[length];
    slab.read(entry.blocks, from, copy);
    VarHandle.acquireFence();
    return entry.evicted.get() ? Optional.empty() : Optional.of(copy);
  }

  /**
   * Caches octets, in place of those that the key had; nothing if they are too many.
   *
   * @param parts the octets, one part after the other
   */
  void put(K key, H head, List<ByteBuffer> parts) {
    long length = parts.stream().mapToLong(ByteBuffer::remaining).sum();
    if (length + OVERHEAD > limit.getAsLong() / SHARE) {
      makeRoom();
      return;
    }
    int count = Slab.blocks(length);
    octets.addAndGet(weightOf(count));
    var blocks = makeRoom() ? slab.take(count) : new int[0];
    if (blocks.length < count) {
      octets.addAndGet(-weightOf(count));
      return;
    }
    int at = 0;
    for (var part : parts) {
      slab.write(blocks, at, part);
      at += part.remaining();
    }
    var entry = new Entry<>(key, head, blocks);
    var replaced = Optional.ofNullable(entries.put(key, entry));
    arrivals.add(entry);
    replaced.ifPresent(this::discard);
  }

  /** Evicts until what is counted is within the limit; false if that can't be reached. */
  private boolean makeRoom() {
    while (octets.get() > limit.getAsLong()) {
      var oldest = arrivals.poll();
      if (oldest == null) {
        return false;
      }
      if (oldest.used && limit.getAsLong() > 0) {
        oldest.used = false;
        arrivals.add(oldest);
      } else if (remove(oldest)) {
        evictions.increment();
      }
    }
    return true;
  }

  private boolean remove(Entry<K, H> entry) {
    boolean first = entry.evicted.compareAndSet(false, true);
    if (first) {
      entries.remove(entry.key, entry);
      slab.free(entry.blocks);
      octets.addAndGet(-entry.weight());
    }
    return first;
  }

  /** Removes the entries whose keys the predicate accepts; looks at all keys. */
  void removeIf(Predicate<K> keys) {
    entries.values().stream().filter(entry -> keys.test(entry.key)).forEach(this::discard);
  }

  /** Removes the entry of a key. */
  void remove(K key) {
    Optional.ofNullable(entries.get(key)).ifPresent(this::discard);
  }

  /** Removes an entry before its turn; the queue must not grow by what is left of such entries. */
  private void discard(Entry<K, H> entry) {
    if (remove(entry) && stale.incrementAndGet() > MAX_STALE + entries.size()) {
      stale.set(0);
      arrivals.removeIf(it -> it.evicted.get());
    }
  }

  private static long weightOf(int blocks) {
    return (long) blocks * Slab.BLOCK + OVERHEAD;
  }

  /** How many entries there are. */
  int count() {
    return entries.size();
  }

  /** Octets that they take. */
  long octets() {
    return octets.get();
  }

  /** How many entries were evicted to make room. */
  long evictions() {
    return evictions.sum();
  }
}
