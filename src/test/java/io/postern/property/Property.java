package io.postern.property;

import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Tries a law on random values. A failure names the seed of the value that broke it, after a search
 * for a smaller one that does; {@code -Dseed=…} tries that value alone.
 */
public final class Property {
  private static final int LARGEST = 40;
  private static final int SMALLER_TRIES = 200;

  private Property() {}

  /** What must hold of every value; it throws when it does not. */
  @FunctionalInterface
  public interface Law<T> {
    void check(T value) throws Exception;
  }

  private record Broken(long seed, int size, Optional<Throwable> why) {}

  /** Checks the law on as many values, small ones first. */
  public static <T> void forAll(String name, int trials, Gen<T> gen, Law<T> law) {
    var given = System.getProperty("seed");
    if (given != null) {
      var at = given.split("/", 2);
      long seed = Long.parseLong(at[0]);
      int size = at.length > 1 ? Integer.parseInt(at[1]) : LARGEST;
      report(name, gen, attempt(gen, law, seed, size));
      return;
    }
    var seeds = new SplittableRandom();
    for (int i = 0; i < trials; i++) {
      int size = 1 + (int) ((long) LARGEST * i / trials);
      var broken = attempt(gen, law, seeds.nextLong(), size);
      if (broken.why.isPresent()) {
        report(name, gen, smaller(gen, law, broken, seeds));
      }
    }
  }

  private static <T> Broken smaller(Gen<T> gen, Law<T> law, Broken found, SplittableRandom seeds) {
    var least = found;
    for (int i = 0; i < SMALLER_TRIES && least.size > 1; i++) {
      var broken = attempt(gen, law, seeds.nextLong(), 1 + seeds.nextInt(least.size - 1));
      least = broken.why.isPresent() ? broken : least;
    }
    return least;
  }

  private static <T> Broken attempt(Gen<T> gen, Law<T> law, long seed, int size) {
    try {
      law.check(gen.make(new SplittableRandom(seed), size));
      return new Broken(seed, size, Optional.empty());
    } catch (Exception | AssertionError why) {
      return new Broken(seed, size, Optional.of(why));
    }
  }

  private static <T> void report(String name, Gen<T> gen, Broken broken) {
    if (broken.why.isPresent()) {
      var value = gen.make(new SplittableRandom(broken.seed), broken.size);
      throw new AssertionError(
          name + " broken with -Dseed=" + broken.seed + "/" + broken.size + " by " + value,
          broken.why.get());
    }
  }
}
