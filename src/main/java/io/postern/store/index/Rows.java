package io.postern.store.index;

import io.postern.model.ModSeq;

/**
 * Goes through messages of an index in ascending order, without an object a message. Begins before
 * the first; not for sharing.
 */
public final class Rows {
  private final Pages pages;
  private final int end;
  private final long since;
  private int page;
  private int at;

  Rows(Pages pages, int from, int to, long since) {
    this.pages = pages;
    this.end = to;
    this.since = since;
    this.page = from < to ? pages.pageOf(from) : pages.pages().length;
    this.at = from < to ? from - pages.starts()[page] - 1 : -1;
  }

  /** Moves to the next message; false when there is none. */
  public boolean next() {
    while (page < pages.pages().length && pages.starts()[page] < end) {
      var now = pages.pages()[page];
      if (now.maxModSeq() > since && inPage(now)) {
        return true;
      }
      page++;
      at = -1;
    }
    return false;
  }

  private boolean inPage(Page now) {
    int last = Math.min(now.count(), end - pages.starts()[page]);
    do {
      at++;
    } while (at < last && now.rows().modSeqs()[at] <= since);
    return at < last;
  }

  /** Its position in the index, from 0. */
  public int position() {
    return pages.starts()[page] + at;
  }

  public long uid() {
    return pages.pages()[page].rows().uid(at);
  }

  /** Its flags, packed by the index's keywords. */
  public long flags() {
    return pages.pages()[page].rows().flags()[at];
  }

  /** Its {@link ModSeq}. */
  public long modSeq() {
    return pages.pages()[page].rows().modSeqs()[at];
  }

  /** Its size in octets. */
  public int size() {
    return pages.pages()[page].rows().sizes()[at];
  }

  /** Its internal date, packed. */
  public long internalDate() {
    return pages.pages()[page].rows().internalDates()[at];
  }

  /** When it came into the mailbox, in epoch seconds. */
  public long saved() {
    return pages.pages()[page].rows().saved()[at];
  }

  /** The id of its content. */
  public long content() {
    return pages.pages()[page].rows().contents()[at];
  }
}
