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

  private final ConcurrentMap<MailboxKey, CacheEntry> entries = new ConcurrentHashMap<>();
  private final AtomicLong clock = new AtomicLong();
  private final AtomicLong octets = new AtomicLong();
  private final AtomicBoolean evicting = new AtomicBoolean();
  private final AtomicLong evictions = new AtomicLong();
  private final long maxOctets;

  IndexCache(long maxOctets) {
    this.maxOctets = maxOctets;
  }

  Optional<MailboxIndex> get(MailboxKey key) {
    return entry(key).map(this::touch);
  }

  private Optional<CacheEntry> entry(MailboxKey key) {
    return Optional.ofNullable(entries.get(key));
  }

  private MailboxIndex touch(CacheEntry entry) {
    entry.used.set(clock.incrementAndGet());
    return entry.index;
  }

  /**
   * Caches an index, unless a newer one is cached; returns the newer of both. Of two with different
   * UIDVALIDITY the mod-sequences cannot be compared: the one just read counts.
   */
  MailboxIndex put(MailboxKey key, MailboxIndex index) {
    var entry = new CacheEntry(index, new AtomicLong(clock.incrementAndGet()));
    while (true) {
      var before = Optional.ofNullable(entries.putIfAbsent(key, entry));
      if (before.isEmpty()) {
        addOctets(entry.octets);
        return index;
      }
      var cached = before.get();
      if (cached.index == index || isNewer(cached.index, index)) {
        return touch(cached);
      }
      if (replace(key, cached, entry)) {
        return index;
      }
    }
  }

  private static boolean isNewer(MailboxIndex cached, MailboxIndex read) {
    return cached.uidValidity().equals(read.uidValidity())
        && cached.modSeq().isAfter(read.modSeq());
  }

  /** Changes a cached index. */
  void update(MailboxKey key, UnaryOperator<MailboxIndex> change) {
    for (var old = entry(key); old.isPresent(); old = entry(key)) {
      var changed = change.apply(old.get().index);
      if (changed == old.get().index
          || replace(key, old.get(), new CacheEntry(changed, old.get().used))) {
        return;
      }
    }
  }

  private boolean replace(MailboxKey key, CacheEntry old, CacheEntry entry) {
    boolean replaced = entries.replace(key, old, entry);
    if (replaced) {
      addOctets(entry.octets - old.octets);
    }
    return replaced;
  }

  void remove(MailboxKey key) {
    Optional.ofNullable(entries.remove(key)).ifPresent(entry -> octets.addAndGet(-entry.octets));
  }

  private void addOctets(long change) {
    long now = octets.addAndGet(change);
    // What others cached meanwhile left the clearing to this thread.
    while (now > maxOctets && evicting.compareAndSet(false, true)) {
      try {
        evict();
      } finally {
        evicting.set(false);
      }
      now = octets.get();
    }
  }

  /** Evicts down to seven eighths of the bound, so that the next entries evict nothing. */
  private void evict() {
    record Candidate(Map.Entry<MailboxKey, CacheEntry> entry, long used) {}
    var candidates = new ArrayList<Candidate>();
    entries.entrySet().forEach(e -> candidates.add(new Candidate(e, e.getValue().used.get())));
    candidates.sort(Comparator.comparingLong(Candidate::used));
    long enough = maxOctets - maxOctets / 8;
    for (var candidate : candidates) {
      if (octets.get() <= enough) {
        return;
      }
      var entry = candidate.entry.getValue();
      if (entries.remove(candidate.entry.getKey(), entry)) {
        octets.addAndGet(-entry.octets);
        evictions.incrementAndGet();
      }
    }
  }

  long evictions() {
    return evictions.get();
  }

  int count() {
    return entries.size();
  }

  long octets() {
    return octets.get();
  }
}
