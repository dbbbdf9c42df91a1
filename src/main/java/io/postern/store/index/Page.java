package io.postern.store.index;

import io.postern.model.NumberSet;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.SystemFlag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Neighbouring messages of a mailbox, ascending by UID; immutable.
 *
 * @param rows 1 to {@link #SIZE} of them
 * @param maxModSeq the highest of their mod-sequences: a reader at that mod-sequence can skip the
 *     page
 * @param allFlags the packed flags of all together
 */
record Page(MessageColumns rows, long maxModSeq, long allFlags) {
  /** How many messages a page holds. */
  static final int SIZE = 512;

  static Page of(MessageColumns rows) {
    return new Page(
        rows,
        Arrays.stream(rows.modSeqs()).max().orElseThrow(),
        Arrays.stream(rows.flags()).reduce(0, (a, b) -> a | b));
  }

  /** Splits the rows into as few pages as possible. */
  static List<Page> split(MessageColumns rows) {
    if (rows.size() > 0 && rows.size() <= SIZE) {
      return List.of(of(rows));
    }
    var pages = new ArrayList<Page>(rows.size() / SIZE + 1);
    for (int from = 0; from < rows.size(); from += SIZE) {
      pages.add(of(slice(rows, from, Math.min(rows.size(), from + SIZE))));
    }
    return pages;
  }

  int count() {
    return rows.size();
  }

  int count(SystemFlag flag) {
    if ((allFlags & flag.bit()) == 0) {
      return 0;
    }
    int count = 0;
    for (long flags : rows.flags()) {
      count += (flags & flag.bit()) != 0 ? 1 : 0;
    }
    return count;
  }

  long first() {
    return rows.uid(0);
  }

  long last() {
    return rows.uid(count() - 1);
  }

  /** How many messages have a UID below this one. */
  int countBelow(long uid) {
    int low = 0;
    int high = count();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rows.uid(middle) < uid) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Replaces the rows of the same UID by these, and inserts the others. */
  List<Page> with(MessageColumns put) {
    return containsAll(put) ? List.of(updated(put)) : split(merged(rows, put));
  }

  private boolean containsAll(MessageColumns put) {
    for (int i = 0; i < put.size(); i++) {
      int at = countBelow(put.uid(i));
      if (at == count() || rows.uid(at) != put.uid(i)) {
        return false;
      }
    }
    return true;
  }

  /** Of a message only flags and mod-sequence ever change, so all else is shared. */
  private Page updated(MessageColumns put) {
    var flags = rows.flags().clone();
    var modSeqs = rows.modSeqs().clone();
    for (int i = 0; i < put.size(); i++) {
      int at = countBelow(put.uid(i));
      flags[at] = put.flags()[i];
      modSeqs[at] = put.modSeqs()[i];
    }
    return of(
        new MessageColumns(
            rows.uids(),
            flags,
            modSeqs,
            rows.sizes(),
            rows.internalDates(),
            rows.saved(),
            rows.contents()));
  }

  /** All rows; those in both are the old ones with new flags and mod-sequences. */
  private static MessageColumns merged(MessageColumns old, MessageColumns put) {
    var builder = new MessageColumns.Builder(old.size() + put.size());
    int a = 0;
    int b = 0;
    while (a < old.size() || b < put.size()) {
      if (b == put.size() || (a < old.size() && old.uid(a) < put.uid(b))) {
        add(builder, old, a++);
      } else {
        boolean known = a < old.size() && old.uid(a) == put.uid(b);
        if (known) {
          add(builder, old, a++, put.flags()[b], put.modSeqs()[b]);
        } else {
          add(builder, put, b);
        }
        b++;
      }
    }
    return builder.build();
  }

  /** Both pages in one; all of the other's UIDs are above all of this one's. */
  Page mergedWith(Page other) {
    return of(merged(rows, other.rows));
  }

  /** Without the messages of these UIDs; maybe no page at all. */
  List<Page> without(NumberSet uids) {
    var builder = new MessageColumns.Builder(count());
    for (int at = 0; at < count(); at++) {
      if (!uids.contains(rows.uid(at))) {
        add(builder, rows, at);
      }
    }
    return split(builder.build());
  }

  static MessageColumns slice(MessageColumns rows, int from, int to) {
    return new MessageColumns(
        Arrays.copyOfRange(rows.uids(), from, to),
        Arrays.copyOfRange(rows.flags(), from, to),
        Arrays.copyOfRange(rows.modSeqs(), from, to),
        Arrays.copyOfRange(rows.sizes(), from, to),
        Arrays.copyOfRange(rows.internalDates(), from, to),
        Arrays.copyOfRange(rows.saved(), from, to),
        Arrays.copyOfRange(rows.contents(), from, to));
  }

  private static void add(MessageColumns.Builder builder, MessageColumns from, int at) {
    add(builder, from, at, from.flags()[at], from.modSeqs()[at]);
  }

  private static void add(
      MessageColumns.Builder builder, MessageColumns from, int at, long flags, long modSeq) {
    builder.add(
        from.uid(at),
        flags,
        modSeq,
        from.sizes()[at],
        from.internalDates()[at],
        from.saved()[at],
        from.contents()[at]);
  }
}
