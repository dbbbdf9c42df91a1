package io.postern.store.content;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.BlobId;
import io.postern.model.Ids.ContentId;

/** What is cached. No key is ever used again for other octets. */
sealed interface CacheKey {
  /** The facts of a content, and its bytes where they are at most one chunk. */
  record OfContent(AccountId account, ContentId content) implements CacheKey {
    // Written out: a native executable interprets what the compiler makes of a record, at length.
    @Override
    public boolean equals(Object other) {
      return other instanceof OfContent it
          && content.equals(it.content)
          && account.equals(it.account);
    }

    @Override
    public int hashCode() {
      return 31 * account.hashCode() + content.hashCode();
    }
  }

  /** A chunk of a blob. */
  record OfChunk(BlobId blob, int number) implements CacheKey {
    @Override
    public boolean equals(Object other) {
      return other instanceof OfChunk it
          && number == it.number
          && blob.value().equals(it.blob.value());
    }

    @Override
    public int hashCode() {
      return 31 * blob.value().hashCode() + number;
    }
  }

  /**
   * What is kept for SEARCH of contents whose ids are near to each other.
   *
   * @param number of the page in the account
   * @param signatures whether their signatures, in place of their fields
   */
  record OfSearchPage(AccountId account, long number, boolean signatures) implements CacheKey {
    @Override
    public boolean equals(Object other) {
      return other instanceof OfSearchPage it
          && number == it.number
          && signatures == it.signatures
          && account.equals(it.account);
    }

    @Override
    public int hashCode() {
      return 31 * account.hashCode() + 2 * Long.hashCode(number) + (signatures ? 1 : 0);
    }
  }
}
