package io.postern.model;

import java.util.Comparator;
import java.util.List;

/**
 * A {@code sequence-set} as a client wrote it (RFC 3501 §9), {@code *} not yet resolved. Ranges may
 * be reversed, doubled and out of order.
 *
 * @param ranges at least one
 */
public record SequenceSet(List<Range> ranges) {
  /** Stands for {@code *}, the greatest number in use. */
  public static final long STAR = 0;

  /**
   * One {@code seq-range} or a single {@code seq-number} twice.
   *
   * @param one 1 to 4,294,967,295, or {@link #STAR}
   * @param other likewise
   */
  public record Range(long one, long other) {}

  public SequenceSet {
    ranges = List.copyOf(ranges);
    if (ranges.isEmpty()) {
      throw new IllegalArgumentException("a sequence set names at least one number");
    }
  }

  /** A set of one number, or of {@link #STAR} alone. */
  public static SequenceSet of(long number) {
    return new SequenceSet(List.of(new Range(number, number)));
  }

  /** The greatest number named, {@code *} left aside; 0 when only {@code *} is. */
  public long greatest() {
    return ranges.stream().mapToLong(r -> Math.max(r.one, r.other)).max().orElse(0);
  }

  /**
   * The numbers of the set.
   *
   * @param star the greatest number in use, for {@code *}; 0 when the mailbox is empty, then ranges
   *     of {@code *} alone mean nothing
   */
  public NumberSet resolve(long star) {
    var sorted =
        ranges.stream()
            .map(r -> new Range(r.one == STAR ? star : r.one, r.other == STAR ? star : r.other))
            .filter(r -> r.one > 0 && r.other > 0)
            .map(r -> new Range(Math.min(r.one, r.other), Math.max(r.one, r.other)))
            .sorted(Comparator.comparingLong(Range::one))
            .toList();
    var builder = new NumberSet.Builder();
    sorted.forEach(r -> builder.add(r.one, r.other));
    return builder.build();
  }
}
