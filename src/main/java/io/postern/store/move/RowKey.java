package io.postern.store.move;

/**
 * The key of a row within its account and kind, ordered by both parts, and a hash of the row.
 *
 * @param hash 0 for immutable rows
 */
public record RowKey(long first, long second, long hash) {
  /** Before all others. */
  public static final RowKey START = new RowKey(Long.MIN_VALUE, Long.MIN_VALUE, 0);
}
