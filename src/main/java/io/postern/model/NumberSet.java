package io.postern.model;

import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * An immutable set of numbers from 1 to 4,294,967,295, kept as ascending ranges that neither touch
 * nor overlap: UIDs, or sequence numbers. Costs 16 bytes a range, whatever a range's length.
 */
public final class NumberSet {
  /** The set of no numbers. */
  public static final NumberSet EMPTY = new NumberSet(new long[0]);

  /** first0, last0, first1, last1, … */
  private final long[] bounds;

  private NumberSet(long[] bounds) {
    this.bounds = bounds;
  }

  /** The single number. */
  public static NumberSet of(long number) {
    return range(number, number);
  }

  /** All numbers from one bound to the other, both included, in either order. */
  public static NumberSet range(long one, long other) {
    check(one);
    check(other);
    return new NumberSet(new long[] {Math.min(one, other), Math.max(one, other)});
  }

  /** The numbers, in any order, doubles allowed. */
  public static NumberSet of(LongStream numbers) {
    var builder = new Builder();
    numbers.sorted().forEach(builder::add);
    return builder.build();
  }

  private static void check(long number) {
    if (number < 1 || number > Uid.MAX) {
      throw new IllegalArgumentException("a number is 1 to " + Uid.MAX + ", was " + number);
    }
  }

  public boolean isEmpty() {
    return bounds.length == 0;
  }

  /** How many numbers. */
  public long size() {
    long size = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      size += bounds[i + 1] - bounds[i] + 1;
    }
    return size;
  }

  /** How many ranges. */
  public int ranges() {
    return bounds.length / 2;
  }

  /** The first number of a range, counted from 0. */
  public long first(int range) {
    return bounds[2 * range];
  }

  /** The last number of a range, counted from 0. */
  public long last(int range) {
    return bounds[2 * range + 1];
  }

  /** Whether the number is in the set; takes time logarithmic in the ranges. */
  public boolean contains(long number) {
    int at = Arrays.binarySearch(bounds, number);
    return at >= 0 || (-at - 1) % 2 == 1;
  }

  /** Numbers in this set, the other, or both. */
  public NumberSet union(NumberSet other) {
    if (isEmpty()) {
      return other;
    }
    var builder = new Builder();
    int a = 0;
    int b = 0;
    while (a < bounds.length || b < other.bounds.length) {
      boolean mine =
          b >= other.bounds.length || (a < bounds.length && bounds[a] <= other.bounds[b]);
      if (mine) {
        builder.add(bounds[a], bounds[a + 1]);
        a += 2;
      } else {
        builder.add(other.bounds[b], other.bounds[b + 1]);
        b += 2;
      }
    }
    return builder.build();
  }

  /** Numbers in both sets. */
  public NumberSet intersection(NumberSet other) {
    var builder = new Builder();
    int a = 0;
    int b = 0;
    while (a < bounds.length && b < other.bounds.length) {
      long first = Math.max(bounds[a], other.bounds[b]);
      long last = Math.min(bounds[a + 1], other.bounds[b + 1]);
      if (first <= last) {
        builder.add(first, last);
      }
      if (bounds[a + 1] < other.bounds[b + 1]) {
        a += 2;
      } else {
        b += 2;
      }
    }
    return builder.build();
  }

  /** Numbers in this set but not in the other. */
  public NumberSet minus(NumberSet other) {
    var builder = new Builder();
    int b = 0;
    for (int a = 0; a < bounds.length; a += 2) {
      long first = bounds[a];
      long last = bounds[a + 1];
      while (b < other.bounds.length && other.bounds[b + 1] < first) {
        b += 2;
      }
      for (int i = b; i < other.bounds.length && other.bounds[i] <= last; i += 2) {
        if (other.bounds[i] > first) {
          builder.add(first, other.bounds[i] - 1);
        }
        first = other.bounds[i + 1] + 1;
      }
      if (first <= last) {
        builder.add(first, last);
      }
    }
    return builder.build();
  }

  /** The numbers, ascending, computed lazily. */
  public LongStream stream() {
    return IntStream.range(0, ranges())
        .boxed()
        .flatMapToLong(r -> LongStream.rangeClosed(first(r), last(r)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NumberSet set && Arrays.equals(bounds, set.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  /** The protocol's form, {@code 1,3:5}; an empty string for the empty set. */
  @Override
  public String toString() {
    return IntStream.range(0, ranges())
        .mapToObj(r -> first(r) == last(r) ? "" + first(r) : first(r) + ":" + last(r))
        .collect(Collectors.joining(","));
  }

  /** Iterates over the numbers, the greatest first. */
  public PrimitiveIterator.OfLong descending() {
    return new PrimitiveIterator.OfLong() {
      private int range = ranges() - 1;
      private long next = isEmpty() ? 0 : last(range);

      @Override
      public boolean hasNext() {
        return range >= 0;
      }

      @Override
      public long nextLong() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        long number = next;
        if (number > first(range)) {
          next--;
        } else if (--range >= 0) {
          next = last(range);
        }
        return number;
      }
    };
  }

  /** Collects numbers that come in ascending order of their first; joins those that touch. */
  public static final class Builder {
    private long[] bounds = new long[8];
    private int used;

    /** Adds one number, not below the start of the range added last. */
    public Builder add(long number) {
      return add(number, number);
    }

    /** Adds a range whose first number is not below the first of the range added last. */
    public Builder add(long first, long last) {
      check(first);
      check(last);
      if (used > 0 && first <= bounds[used - 1] + 1) {
        if (first < bounds[used - 2]) {
          throw new IllegalArgumentException(first + " comes after " + bounds[used - 2]);
        }
        bounds[used - 1] = Math.max(bounds[used - 1], last);
        return this;
      }
      if (used == bounds.length) {
        bounds = Arrays.copyOf(bounds, used * 2);
      }
      bounds[used++] = first;
      bounds[used++] = last;
      return this;
    }

    /** The set of what was added. */
    public NumberSet build() {
      return used == 0 ? EMPTY : new NumberSet(Arrays.copyOf(bounds, used));
    }
  }
}
