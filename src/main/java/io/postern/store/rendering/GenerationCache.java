package io.postern.store.rendering;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * A cache that is bounded in octets. Entries are in two generations: those added or read lately,
 * and those before; when the first one has half of the octets it becomes the second, which is
 * dropped. So an entry that is not read leaves within one bound's worth of new ones, and neither
 * reading nor adding scans the entries. Safe for all threads, without locks.
 *
 * @param <K> the key, of values that never change
 * @param <V> the value
 */
final class GenerationCache<K, V> {
  private static final class Generation<K, V> {
    final ConcurrentMap<K, V> entries = new ConcurrentHashMap<>();
    final AtomicLong octets = new AtomicLong();
  }

  private record Generations<K, V>(Generation<K, V> young, Generation<K, V> old) {}

  private final long half;
  private final ToLongFunction<V> weight;
  private final AtomicReference<Generations<K, V>> generations =
      new AtomicReference<>(new Generations<>(new Generation<>(), new Generation<>()));

  /**
   * @param octets that all entries may have
   * @param weight octets of an entry with its key, 1 or more
   */
  GenerationCache(long octets, ToLongFunction<V> weight) {
    this.half = octets / 2;
    this.weight = weight;
  }

  Optional<V> get(K key) {
    var now = generations.get();
    var young = Optional.ofNullable(now.young.entries.get(key));
    if (young.isPresent()) {
      return young;
    }
    var old = Optional.ofNullable(now.old.entries.get(key));
    old.ifPresent(value -> put(key, value));
    return old;
  }

  /** Adds an entry; one that has more than half of the octets is not kept. */
  void put(K key, V value) {
    long octets = weight.applyAsLong(value);
    if (octets > half) {
      return;
    }
    var now = generations.get();
    if (now.young.entries.putIfAbsent(key, value) == null
        && now.young.octets.addAndGet(octets) > half) {
      generations.compareAndSet(now, new Generations<>(new Generation<>(), now.young));
    }
  }

  /** Removes entries. */
  void remove(Predicate<K> keys) {
    var now = generations.get();
    now.young.entries.keySet().removeIf(keys);
    now.old.entries.keySet().removeIf(keys);
  }

  /** Octets of all entries, at most the bound and one entry of each thread. */
  long octets() {
    var now = generations.get();
    return now.young.octets.get() + now.old.octets.get();
  }
}
