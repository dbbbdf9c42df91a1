package io.postern.store.index;

import io.postern.model.ModSeq;
import io.postern.model.message.MessageColumns;

/**
 * A cursor over messages of an index in ascending order, without an object per message. Begins
 * before the first; not safe for several threads.
 */
public final class RowCursor {
  private final Pages pages;
  private final int end;
  private final long since;

  /** The current page. */
  private int page;

  private MessageColumns rows = MessageColumns.EMPTY;
  private int last;
  private int at;

  RowCursor(Pages pages, int from, int to, long since) {
    this.pages = pages;
    this.end = to;
    this.since = since;
    this.page = from < to ? pages.pageOf(from) - 1 : pages.pages().length;
    if (nextPage()) {
      at = Math.max(-1, from - pages.starts()[page] - 1);
    }
  }

  /** Moves to the next message; false when there is none. */
  public boolean next() {
    do {
      while (++at < last) {
        if (rows.modSeqs()[at] > since) {
          return true;
        }
      }
    } while (nextPage());
    return false;
  }

  /**
   * Moves to any message, back or forth; {@link #next} then continues behind it. The columns can be
   * read as after {@link #next}, whether the message was changed or not.
   *
   * @param position in the index, from 0 and below its size
   */
  public void moveTo(int position) {
    if (page >= pages.pages().length || !contains(page, position)) {
      page = pages.pageOf(position);
      rows = pages.pages()[page].rows();
      last = Math.min(rows.size(), end - pages.starts()[page]);
    }
    at = position - pages.starts()[page];
  }

  private boolean contains(int candidate, int position) {
    return pages.starts()[candidate] <= position && position < pages.starts()[candidate + 1];
  }

  /** Moves before the first row of the next page that has a row changed since. */
  private boolean nextPage() {
    last = 0;
    at = -1;
    while (++page < pages.pages().length && pages.starts()[page] < end) {
      var next = pages.pages()[page];
      if (next.maxModSeq() > since) {
        rows = next.rows();
        last = Math.min(next.count(), end - pages.starts()[page]);
        return true;
      }
    }
    page = pages.pages().length;
    return false;
  }

  /** Its position in the index, from 0. */
  public int position() {
    return pages.starts()[page] + at;
  }

  public long uid() {
    return rows.uid(at);
  }

  /** Its flags, packed by the index's keywords. */
  public long flags() {
    return rows.flags()[at];
  }

  /** Its {@link ModSeq}. */
  public long modSeq() {
    return rows.modSeqs()[at];
  }

  /** Its size in octets. */
  public int size() {
    return rows.sizes()[at];
  }

  /** Its internal date, packed. */
  public long internalDate() {
    return rows.internalDates()[at];
  }

  /** When it was added to the mailbox, in epoch seconds. */
  public long saved() {
    return rows.saved()[at];
  }

  /** The id of its content. */
  public long content() {
    return rows.contents()[at];
  }
}
