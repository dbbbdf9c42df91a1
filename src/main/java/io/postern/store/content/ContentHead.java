package io.postern.store.content;

import io.postern.mime.MessageFacts;
import io.postern.mime.OctetFacts;
import io.postern.mime.PartTreeCodec;
import io.postern.model.Ids.BlobId;
import io.postern.store.Messages.Columns;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What is kept of a cached content on the heap: the small facts, and how long each part of its run
 * of octets is, in the order of these fields.
 *
 * @param size octets of the message
 * @param bodyStart octets of its header
 * @param blob where its bytes are in the store; not known of a content that was delivered here
 * @param structure whether ENVELOPE, BODY and BODYSTRUCTURE are among the octets
 * @param header whether the header is among them, for itself or at the beginning of the bytes
 * @param bytes whether the bytes are among them
 * @param lengths of the parts
 */
record ContentHead(
    int size,
    int bodyStart,
    Optional<BlobId> blob,
    Optional<LocalDate> sent,
    OctetFacts octets,
    boolean structure,
    boolean header,
    boolean bytes,
    Lengths lengths)
    implements CacheHead {
  /**
   * How long the parts are.
   *
   * @param header 0 when the header is read from the bytes
   */
  record Lengths(
      int tree, int prefix, int envelope, int body, int bodyStructure, int header, int bytes) {
    int structure() {
      return envelope + body + bodyStructure;
    }

    int beforeHeader() {
      return tree + prefix + structure();
    }
  }

  /** Octets of the header, as it is stored with the facts. */
  int headerLength() {
    return Math.min(bodyStart, MessageFacts.MAX_HEADER);
  }

  /** Whether these columns can be read from the cache, those of bytes aside. */
  boolean hasFacts(Columns wanted) {
    return (structure || !wanted.structure()) && (header || !wanted.header());
  }

  /** Whether bytes are wanted that have to be read from the blob, or a header that has to. */
  boolean readsBlob(Columns wanted) {
    boolean long_ = wanted.header() && bodyStart > MessageFacts.MAX_HEADER;
    return long_ || (wanted.bytes() > 0 && size > wanted.bytes());
  }

  /** Whether another one would add nothing. */
  boolean hasAll(CachedContent other) {
    var content = other.content();
    return (structure || !other.structure())
        && (header || !other.header())
        && (bytes || content.bytes().isEmpty())
        && (blob.isPresent() || content.blob().equals(CachedContent.NO_BLOB));
  }

  /** Octets in memory of a content with these columns. */
  long held(Columns wanted) {
    long held = (long) PartTreeCodec.HELD * lengths.tree() + lengths.prefix();
    held += wanted.structure() ? lengths.structure() : 0;
    held += wanted.header() ? headerLength() : 0;
    return held + (size <= wanted.bytes() ? size : 0);
  }
}
