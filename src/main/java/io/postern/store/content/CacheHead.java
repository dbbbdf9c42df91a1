package io.postern.store.content;

/** What is kept of a cached run of octets on the heap. */
sealed interface CacheHead permits ContentHead, CacheHead.OfChunk, CacheHead.OfSearchPage {
  /**
   * Of the beginning of a chunk.
   *
   * @param length octets that are cached
   */
  record OfChunk(int length) implements CacheHead {}

  /**
   * Of a page of what is kept for SEARCH.
   *
   * @param count how many contents are in it
   * @param length octets of the page
   */
  record OfSearchPage(int count, int length) implements CacheHead {}
}
