package io.postern.store.rendering;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GenerationCacheTest {
  private final GenerationCache<Integer, String> cache = new GenerationCache<>(100, String::length);

  @Test
  void holdsNoMoreThanItsBound() {
    for (int i = 0; i < 1_000; i++) {
      cache.put(i, "x".repeat(10));
      assertThat(cache.octets()).isLessThanOrEqualTo(100 + 10);
    }
    assertThat(cache.get(999)).isPresent();
    assertThat(cache.get(0)).isEmpty();
  }

  @Test
  void keepsWhatIsRead() {
    cache.put(0, "x".repeat(10));
    for (int i = 1; i < 1_000; i++) {
      assertThat(cache.get(0)).isPresent();
      cache.put(i, "x".repeat(10));
    }
  }

  @Test
  void keepsNothingThatIsTooLarge() {
    cache.put(1, "x".repeat(50));
    cache.put(2, "x".repeat(51));
    assertThat(cache.get(1)).isPresent();
    assertThat(cache.get(2)).isEmpty();
  }

  @Test
  void countsAnEntryOnce() {
    cache.put(1, "x".repeat(20));
    cache.put(1, "x".repeat(20));
    assertThat(cache.octets()).isEqualTo(20);
  }

  @Test
  void forgets() {
    cache.put(1, "one");
    cache.put(2, "two");
    cache.remove(key -> key == 1);
    assertThat(cache.get(1)).isEmpty();
    assertThat(cache.get(2)).hasValue("two");
  }
}
