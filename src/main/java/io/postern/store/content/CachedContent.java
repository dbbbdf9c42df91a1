package io.postern.store.content;

import io.netty.buffer.Unpooled;
import io.postern.mime.MessageFacts;
import io.postern.mime.PartTreeCodec;
import io.postern.model.Ids.BlobId;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.content.ContentHead.Lengths;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.buffer.impl.BufferImpl;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A content and which of its columns are known: what an entry of the cache is made of, and what is
 * read from one.
 *
 * @param content whose other columns are empty
 * @param structure whether it has ENVELOPE, BODY and BODYSTRUCTURE
 * @param header whether it has the header
 */
record CachedContent(Content content, boolean structure, boolean header) {
  /** The blob of a content whose blob is not known; it has no octets. */
  static final BlobId NO_BLOB = new BlobId(new UUID(0, 0));

  /** What was read from the store. */
  static CachedContent of(Content content, Columns read) {
    boolean header = read.header() || content.bytes().isPresent();
    return new CachedContent(content, read.structure(), header);
  }

  /** With the columns that only an older one has. */
  CachedContent with(CachedContent old) {
    var own = content.facts();
    var facts =
        new MessageFacts(
            own.size(),
            (structure ? content : old.content).facts().envelope(),
            (structure ? content : old.content).facts().body(),
            (structure ? content : old.content).facts().bodyStructure(),
            header ? shownHeader() : old.header ? old.shownHeader() : own.header(),
            own.sent(),
            own.parts(),
            own.octets());
    return new CachedContent(
        new Content(
            content.id(),
            content.blob().equals(NO_BLOB) ? old.content.blob() : content.blob(),
            content.prefix(),
            facts,
            content.bytes().or(old.content::bytes)),
        structure || old.structure,
        header || old.header);
  }

  /** The header as it is stored with the facts, from the bytes where they are there. */
  private Buffer shownHeader() {
    var facts = content.facts();
    return content.bytes().map(all -> header(facts, all)).orElseGet(facts::header);
  }

  private static Buffer header(MessageFacts facts, Buffer all) {
    int length = Math.min(facts.parts().bodyStart(), MessageFacts.MAX_HEADER);
    return facts.octets().shown(all.slice(0, length));
  }

  /** What is kept of it on the heap. */
  ContentHead head(List<ByteBuffer> run) {
    var facts = content.facts();
    return new ContentHead(
        facts.size(),
        facts.parts().bodyStart(),
        Optional.of(content.blob()).filter(blob -> !blob.equals(NO_BLOB)),
        facts.sent(),
        facts.octets(),
        structure,
        header,
        content.bytes().isPresent(),
        new Lengths(
            run.get(0).remaining(),
            run.get(1).remaining(),
            run.get(2).remaining(),
            run.get(3).remaining(),
            run.get(4).remaining(),
            run.get(5).remaining(),
            run.get(6).remaining()));
  }

  /** Its octets outside the heap. A header is not kept twice. */
  List<ByteBuffer> run() {
    var facts = content.facts();
    var none = Buffer.buffer();
    return List.of(
        ByteBuffer.wrap(PartTreeCodec.encode(facts.parts())),
        octets(content.prefix()),
        octets(structure ? facts.envelope() : none),
        octets(structure ? facts.body() : none),
        octets(structure ? facts.bodyStructure() : none),
        octets(header && content.bytes().isEmpty() ? facts.header() : none),
        octets(content.bytes().orElse(none)));
  }

  /** The octets of a buffer, without a copy. */
  static ByteBuffer octets(Buffer buffer) {
    return ((BufferImpl) buffer).byteBuf().nioBuffer();
  }

  /** Octets that were read from the cache, without a copy. */
  static Buffer buffer(byte[] octets, int from, int length) {
    return BufferImpl.buffer(Unpooled.wrappedBuffer(octets, from, length));
  }
}
