package io.postern.store.index;

import io.postern.model.Ids.MailboxKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * The node's cache of mailbox indexes, bounded in octets; evicts the least recently used first.
 * Shared by all event loops without locks: a thread that loses a race tries again.
 */
final class IndexCache {
  /** One cached index; two are never equal, so each is added and subtracted once. */
  private static final class CacheEntry {
    final MailboxIndex index;
    final long octets;
    final AtomicLong used;

    CacheEntry(MailboxIndex index, AtomicLong used) {
      this.index = index;
      this.octets = index.octets();
      this.used = used;
    }
  }

  private final ConcurrentMap<MailboxKey, CacheEntry> places = new ConcurrentHashMap<>();
  private final AtomicLong clock = new AtomicLong();
  private final AtomicLong octets = new AtomicLong();
  private final AtomicBoolean clearing = new AtomicBoolean();
  private final AtomicLong evictions = new AtomicLong();
  private final long maxOctets;

  IndexCache(long maxOctets) {
    this.maxOctets = maxOctets;
  }

  Optional<MailboxIndex> get(MailboxKey key) {
    return place(key).map(this::used);
  }

  private Optional<CacheEntry> place(MailboxKey key) {
    return Optional.ofNullable(places.get(key));
  }

  private MailboxIndex used(CacheEntry place) {
    place.used.set(clock.incrementAndGet());
    return place.index;
  }

  /** Caches an index, unless a newer one is cached; returns the newer of both. */
  MailboxIndex put(MailboxKey key, MailboxIndex index) {
    var made = new CacheEntry(index, new AtomicLong(clock.incrementAndGet()));
    while (true) {
      var before = Optional.ofNullable(places.putIfAbsent(key, made));
      if (before.isEmpty()) {
        weigh(made.octets);
        return index;
      }
      var there = before.get();
      if (there.index == index || there.index.modSeq().isAfter(index.modSeq())) {
        return used(there);
      }
      if (replace(key, there, made)) {
        return index;
      }
    }
  }

  /** Changes a cached index. */
  void update(MailboxKey key, UnaryOperator<MailboxIndex> change) {
    for (var old = place(key); old.isPresent(); old = place(key)) {
      var changed = change.apply(old.get().index);
      if (changed == old.get().index
          || replace(key, old.get(), new CacheEntry(changed, old.get().used))) {
        return;
      }
    }
  }

  private boolean replace(MailboxKey key, CacheEntry old, CacheEntry made) {
    boolean replaced = places.replace(key, old, made);
    if (replaced) {
      weigh(made.octets - old.octets);
    }
    return replaced;
  }

  void remove(MailboxKey key) {
    Optional.ofNullable(places.remove(key)).ifPresent(place -> octets.addAndGet(-place.octets));
  }

  private void weigh(long more) {
    long now = octets.addAndGet(more);
    // What others cached meanwhile left the clearing to this thread.
    while (now > maxOctets && clearing.compareAndSet(false, true)) {
      try {
        clear();
      } finally {
        clearing.set(false);
      }
      now = octets.get();
    }
  }

  /** Evicts down to seven eighths of the bound, so that the next entries evict nothing. */
  private void clear() {
    record Candidate(Map.Entry<MailboxKey, CacheEntry> entry, long used) {}
    var candidates = new ArrayList<Candidate>();
    places.entrySet().forEach(e -> candidates.add(new Candidate(e, e.getValue().used.get())));
    candidates.sort(Comparator.comparingLong(Candidate::used));
    long enough = maxOctets - maxOctets / 8;
    for (var candidate : candidates) {
      if (octets.get() <= enough) {
        return;
      }
      var place = candidate.entry.getValue();
      if (places.remove(candidate.entry.getKey(), place)) {
        octets.addAndGet(-place.octets);
        evictions.incrementAndGet();
      }
    }
  }

  long evictions() {
    return evictions.get();
  }

  int count() {
    return places.size();
  }

  long octets() {
    return octets.get();
  }
}
