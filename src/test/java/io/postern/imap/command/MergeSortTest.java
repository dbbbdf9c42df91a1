package io.postern.imap.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MergeSortTest {
  @Test
  void sortsAsTheJdkDoesAndKeepsEqualOnesInOrder() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int count : new int[] {0, 1, 2, 3, 63, 64, 65, 1000, 4097}) {
      int[] values = random.ints(count, 0, 50).toArray();
      var sort = new MergeSort(count, (one, other) -> Integer.compare(values[one], values[other]));
      while (sort.step()) {
        assertThat(sort.sorted()).hasSize(count);
      }
      var expected =
          IntStream.range(0, count)
              .boxed()
              .sorted(Comparator.comparingInt((Integer i) -> values[i]))
              .mapToInt(i -> i)
              .toArray();
      assertThat(sort.sorted()).as("seed " + seed).isEqualTo(expected);
    }
  }
}
