package io.postern.store.index;

import io.postern.model.NumberSet;
import io.postern.model.message.MessageColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All messages of a mailbox, in pages. A change copies only the pages it touches.
 *
 * @param pages ascending by UID, none empty
 * @param starts the position of each page's first message; behind the last page, how many there are
 */
record Pages(Page[] pages, int[] starts) {
  static final Pages NONE = of(List.of());

  /** Two pages that fit in so many messages are merged. */
  private static final int MERGE_LIMIT = Page.SIZE * 3 / 4;

  static Pages of(List<Page> list) {
    var starts = new int[list.size() + 1];
    for (int i = 0; i < list.size(); i++) {
      starts[i + 1] = starts[i] + list.get(i).count();
    }
    return new Pages(list.toArray(Page[]::new), starts);
  }

  /** How many messages. */
  int size() {
    return starts[pages.length];
  }

  /** The page of an existing position, from 0. */
  int pageOf(int position) {
    // Pages are mostly full, so the guess is mostly right.
    int guess = Math.min(position / Page.SIZE, pages.length - 1);
    if (starts[guess] <= position && position < starts[guess + 1]) {
      return guess;
    }
    int found = Arrays.binarySearch(starts, position);
    return found >= 0 ? found : -found - 2;
  }

  /** How many messages have a UID below this one. */
  int countBelow(long uid) {
    int page = lastStartingUpTo(uid);
    return page < 0 ? 0 : starts[page] + pages[page].countBelow(uid);
  }

  /** The last page that begins at or below this UID; -1 when there is none. */
  private int lastStartingUpTo(long uid) {
    int low = 0;
    int high = pages.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (pages[middle].first() <= uid) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Replaces the rows of the same UID by these, and inserts the others. */
  Pages with(MessageColumns put) {
    if (put.size() == 0) {
      return this;
    }
    if (pages.length == 0) {
      return of(Page.split(put));
    }
    var result = new ArrayList<Page>(pages.length + 1);
    int row = 0;
    for (int page = 0; page < pages.length; page++) {
      long end = page + 1 < pages.length ? pages[page + 1].first() : Long.MAX_VALUE;
      int from = row;
      while (row < put.size() && put.uid(row) < end) {
        row++;
      }
      if (from == row) {
        result.add(pages[page]);
      } else {
        result.addAll(pages[page].with(Page.slice(put, from, row)));
      }
    }
    return of(result);
  }

  /** Without the messages of these UIDs. */
  Pages without(NumberSet uids) {
    if (uids.isEmpty()) {
      return this;
    }
    var remaining = new ArrayList<Page>(pages.length);
    int range = 0;
    for (var page : pages) {
      while (range < uids.ranges() && uids.last(range) < page.first()) {
        range++;
      }
      boolean touched = range < uids.ranges() && uids.first(range) <= page.last();
      (touched ? page.without(uids) : List.of(page)).forEach(p -> appendMerged(remaining, p));
    }
    return of(remaining);
  }

  private static void appendMerged(List<Page> remaining, Page page) {
    if (!remaining.isEmpty() && remaining.getLast().count() + page.count() <= MERGE_LIMIT) {
      remaining.add(remaining.removeLast().mergedWith(page));
    } else {
      remaining.add(page);
    }
  }
}
