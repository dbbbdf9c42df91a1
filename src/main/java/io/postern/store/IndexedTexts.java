package io.postern.store;

import io.postern.mime.search.IndexedText;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.smallrye.mutiny.Uni;
import java.util.Map;

/** Stores what SEARCH keeps of contents, for {@link Messages#headers}. */
public interface IndexedTexts {
  /**
   * Stores texts in place of those of an older format. A content that is gone is left out; so is
   * one that has a text of the same format, or of a newer one. What is stored need not survive a
   * crash of the database: it can be made anew. At most 1,000 at a time.
   */
  Uni<Void> store(AccountId account, Map<ContentId, IndexedText> texts);
}
