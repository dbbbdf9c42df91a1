package io.postern.imap.selected;

import io.postern.model.NumberSet;
import java.util.Arrays;

/**
 * The UIDs of expunged messages that the client still counts (RFC 3501 §7.4.1). Immutable; look-ups
 * take time logarithmic in the number of their ranges.
 */
final class PendingExpunges {
  static final PendingExpunges NONE = new PendingExpunges(NumberSet.EMPTY);

  private final NumberSet uids;

  /** How many of the UIDs are below each range. */
  private final int[] before;

  private PendingExpunges(NumberSet uids) {
    this.uids = uids;
    this.before = new int[uids.ranges()];
    for (int i = 1; i < before.length; i++) {
      before[i] = before[i - 1] + (int) (uids.last(i - 1) - uids.first(i - 1) + 1);
    }
  }

  /** These and more. */
  PendingExpunges with(NumberSet more) {
    return more.isEmpty() ? this : new PendingExpunges(uids.union(more));
  }

  /** The UIDs, ascending. */
  NumberSet uids() {
    return uids;
  }

  boolean isEmpty() {
    return uids.isEmpty();
  }

  int size() {
    return (int) uids.size();
  }

  /** How many are below a UID. */
  int countBelow(long uid) {
    int low = 0;
    int high = before.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (uids.first(middle) < uid) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0
        ? 0
        : before[low - 1] + (int) (Math.min(uids.last(low - 1) + 1, uid) - uids.first(low - 1));
  }

  /** The one that has so many below it. */
  long at(int below) {
    int found = Arrays.binarySearch(before, below);
    int range = found >= 0 ? found : -found - 2;
    return uids.first(range) + below - before[range];
  }
}
