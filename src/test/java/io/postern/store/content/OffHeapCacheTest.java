package io.postern.store.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

public class OffHeapCacheTest {
  private static final int MIB = 1 << 20;

  private final AtomicLong limit = new AtomicLong(MIB);
  private final OffHeapCache<Integer, Integer> cache = new OffHeapCache<>(4 * MIB, limit::get);

  /** Octets that say whose they are. */
  private static byte[] octets(int key, int length) {
    var octets = new byte[length];
    for (int at = 0; at < length; at++) {
      octets[at] = (byte) (key * 31 + at);
    }
    return octets;
  }

  private void put(int key, int length) {
    var octets = octets(key, length);
    int middle = length / 3;
    cache.put(
        key,
        length,
        List.of(
            ByteBuffer.wrap(octets, 0, middle), ByteBuffer.wrap(octets, middle, length - middle)));
  }

  private Optional<byte[]> read(int key) {
    return cache.get(key).flatMap(entry -> cache.read(entry, 0, entry.head()));
  }

  @Test
  void octetsComeBackAsTheyWerePut() {
    for (int length : List.of(0, 1, Slab.BLOCK - 1, Slab.BLOCK, Slab.BLOCK + 1, 100_000)) {
      put(length, length);
      assertThat(read(length))
          .hasValueSatisfying(it -> assertThat(it).isEqualTo(octets(length, length)));
    }
    var entry = cache.get(100_000).orElseThrow();
    assertThat(cache.read(entry, 1_500, 3_000))
        .hasValueSatisfying(
            it ->
                assertThat(it)
                    .isEqualTo(Arrays.copyOfRange(octets(100_000, 100_000), 1_500, 4_500)));
    assertThat(read(7)).isEmpty();
  }

  @Test
  void whatIsTakenStaysWithinTheLimit() {
    for (int key = 0; key < 1_000; key++) {
      put(key, 5_000);
      assertThat(cache.octets()).isLessThanOrEqualTo(MIB);
    }
    assertThat(cache.count()).isBetween(150, MIB / 5_000);
    assertThat(cache.evictions()).isEqualTo(1_000 - cache.count());
    assertThat(read(999)).isPresent();
    assertThat(read(0)).isEmpty();
  }

  @Test
  void anEntryThatIsReadOutlivesTheOthers() {
    for (int key = 0; key < 1_000; key++) {
      put(key, 5_000);
      assertThat(read(0)).isPresent();
    }
  }

  @Test
  void anEntryLargerThanItsShareIsNotCached() {
    put(1, MIB / 8 - 256);
    put(2, MIB / 8 - 255);
    assertThat(read(1)).isPresent();
    assertThat(read(2)).isEmpty();
  }

  @Test
  void aKeyHasTheOctetsPutLast() {
    put(1, 3_000);
    long before = cache.octets();
    var old = cache.get(1).orElseThrow();
    put(1, 2_500);
    assertThat(read(1)).hasValueSatisfying(it -> assertThat(it).hasSize(2_500));
    assertThat(cache.read(old, 0, 3_000)).isEmpty();
    assertThat(cache.count()).isEqualTo(1);
    assertThat(cache.octets()).isEqualTo(before);
  }

  @Test
  void aLowerLimitHoldsFromTheNextEntryOn() {
    IntStream.range(0, 100).forEach(key -> put(key, 5_000));
    limit.set(MIB / 8);
    put(100, 5_000);
    assertThat(cache.octets()).isLessThanOrEqualTo(MIB / 8);
    limit.set(0);
    put(101, 5_000);
    assertThat(cache.octets()).isZero();
    assertThat(cache.count()).isZero();
    limit.set(MIB);
    put(102, 5_000);
    assertThat(read(102)).isPresent();
  }

  @Test
  void theSystemsMemoryIsTheLastLimit() {
    limit.set(16L * MIB);
    IntStream.range(0, 2_000).forEach(key -> put(key, 4_096));
    assertThat(cache.count()).isEqualTo(4 * MIB / 4_096);
    assertThat(read(0)).isPresent();
  }

  @Test
  void removedEntriesLeaveNothing() {
    for (int key = 0; key < 10_000; key++) {
      put(key, 1_000);
      cache.remove(key);
    }
    put(1, 1_000);
    put(2, 1_000);
    cache.removeIf(key -> key == 1);
    assertThat(read(1)).isEmpty();
    assertThat(cache.count()).isEqualTo(1);
    assertThat(cache.octets()).isEqualTo(1_024 + 256);
  }

  @Test
  void noReaderGetsTheOctetsOfAnotherEntry() throws Exception {
    limit.set(MIB / 2);
    int threads = 4;
    try (var pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Integer>> all =
          IntStream.range(0, threads).mapToObj(seed -> pool.submit(() -> churn(seed))).toList();
      for (var each : all) {
        assertThat(each.get(60, TimeUnit.SECONDS)).isPositive();
      }
    }
    assertThat(cache.evictions()).isPositive();
    limit.set(0);
    put(0, 1);
    assertThat(cache.octets()).isZero();
  }

  /** Puts and reads at random; returns how many reads had an entry. */
  private int churn(int seed) {
    var random = new SplittableRandom(seed);
    int found = 0;
    for (int step = 0; step < 20_000; step++) {
      int key = random.nextInt(400);
      int length = 500 + key * 17;
      var octets = read(key);
      if (octets.isEmpty()) {
        put(key, length);
      } else {
        found++;
        assertThat(octets.get()).isEqualTo(octets(key, length));
      }
    }
    return found;
  }
}
