package io.postern.imap.command;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Sorts numbers from 0 in small steps, so that other work runs between; stable. */
final class MergeSort {
  /** Compares two of the numbers, as {@link java.util.Comparator#compare} does. */
  @FunctionalInterface
  interface Order {
    int compare(int one, int other);
  }

  /** Numbers that are placed in one step. */
  private static final int STEP = 64;

  private final Order order;
  private int[] from;
  private int[] to;
  private int width = 1;
  private int left;
  private int right;
  private int leftEnd;
  private int rightEnd;
  private int at;

  MergeSort(int count, Order order) {
    this.order = order;
    this.from = new int[count];
    Arrays.setAll(from, IntUnaryOperator.identity());
    this.to = new int[count];
    begin(0);
  }

  /** Begins to merge the two runs at this place. */
  private void begin(int place) {
    left = place;
    leftEnd = Math.min(from.length, place + width);
    right = leftEnd;
    rightEnd = Math.min(from.length, leftEnd + width);
    at = place;
  }

  /** Does the next step; false when all is sorted. */
  boolean step() {
    if (width >= from.length) {
      return false;
    }
    for (int i = 0; i < STEP && width < from.length; i++) {
      place();
    }
    return width < from.length;
  }

  private void place() {
    boolean takesLeft =
        right == rightEnd || (left < leftEnd && order.compare(from[left], from[right]) <= 0);
    to[at++] = from[takesLeft ? left++ : right++];
    if (at == rightEnd) {
      next();
    }
  }

  private void next() {
    if (rightEnd < from.length) {
      begin(rightEnd);
      return;
    }
    var sorted = to;
    to = from;
    from = sorted;
    width *= 2;
    begin(0);
  }

  /** The numbers in order. */
  int[] sorted() {
    return from;
  }
}
