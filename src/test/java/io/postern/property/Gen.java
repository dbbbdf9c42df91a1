package io.postern.property;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Makes values out of randomness; small sizes make small values. */
@FunctionalInterface
public interface Gen<T> {
  /** One value; {@code size} bounds how large it is, from 1. */
  T make(SplittableRandom random, int size);

  /** A number from the least to the most. */
  static Gen<Integer> between(int least, int most) {
    return (random, size) -> random.nextInt(least, most + 1);
  }

  /** One of the values. */
  static <T> Gen<T> of(List<T> values) {
    return (random, size) -> values.get(random.nextInt(values.size()));
  }

  /** Up to {@code size} values. */
  default Gen<List<T>> list() {
    return (random, size) ->
        IntStream.range(0, random.nextInt(size + 1)).mapToObj(i -> make(random, size)).toList();
  }

  /** A list's strings in one. */
  static Gen<String> text(Gen<String> pieces) {
    return pieces.list().map(list -> String.join("", list));
  }

  /** Another value from each. */
  default <R> Gen<R> map(Function<? super T, ? extends R> change) {
    return (random, size) -> change.apply(make(random, size));
  }
}
