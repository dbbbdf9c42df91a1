package io.postern.imap.command;

import io.postern.mime.search.MessageSearch;
import io.postern.mime.text.RangeSearch;
import io.vertx.core.buffer.Buffer;
import java.util.function.BooleanSupplier;

/**
 * Searches the header that is stored with a message's facts, all of which is in memory, for all
 * terms of a program. {@link SearchScan} does the same, and awaits octets; both find the same.
 */
final class SearchHeader {
  private final MessageSearch search;
  private final RangeSearch range;
  private final BooleanSupplier decides;

  /**
   * Begins with the first step.
   *
   * @param header the whole header, less than 64 KiB
   * @param decides whether the facts and the matches so far decide the program
   * @throws SearchBudget.Exceeded when it costs more than is left
   */
  SearchHeader(SearchBudget budget, Buffer header, MessageSearch search, BooleanSupplier decides) {
    this.search = search;
    this.decides = decides;
    budget.spend(header.length());
    this.range = search.beginHeader();
    range.feed(header);
    range.finish();
  }

  /** Does the next step, some 0.1 ms at most; false after the last one. */
  boolean step() {
    if (range.pending()) {
      range.advance();
    }
    boolean over = !range.pending();
    if (over) {
      search.headerOver();
    }
    return !over && !decides.getAsBoolean();
  }
}
