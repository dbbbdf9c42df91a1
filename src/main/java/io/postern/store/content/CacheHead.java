package io.postern.store.content;

/** What is kept of a cached run of octets on the heap. */
sealed interface CacheHead permits ContentHead, CacheHead.OfChunk {
  /**
   * Of the beginning of a chunk.
   *
   * @param length octets that are cached
   */
  record OfChunk(int length) implements CacheHead {}
}
