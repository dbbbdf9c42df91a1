package io.postern.store.content;

import static io.postern.store.content.CachedContent.buffer;

import io.netty.util.internal.PlatformDependent;
import io.postern.mime.MessageFacts;
import io.postern.mime.PartTreeCodec;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.BlobId;
import io.postern.model.Ids.ContentId;
import io.postern.store.Blobs;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.HeaderColumns;
import io.postern.store.Messages.StoredHeader;
import io.postern.store.content.CacheKey.OfChunk;
import io.postern.store.content.CacheKey.OfContent;
import io.postern.store.content.CacheKey.OfSearchPage;
import io.postern.store.content.OffHeapCache.Entry;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * A node's contents in memory, outside the heap: of each its facts, as far as they were read, and
 * its bytes if they are at most one chunk; of longer ones the chunks of their first {@link
 * #MAX_BYTES}. Safe for all threads; returns copies.
 */
public final class ContentCache {
  /** The most octets that it can be set to take. */
  public static final long MAX_OCTETS = 8L << 30;

  /** Octets of a blob that are cached, from its first on. */
  static final int MAX_BYTES = 1024 * 1024;

  private final LongSupplier limit;
  private final OffHeapCache<CacheKey, CacheHead> cache;
  private final SearchPages searchPages;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  /**
   * @param limit octets that it may take, at most {@link #MAX_OCTETS}; asked again and again, so
   *     that it may change; 0 for no cache. It takes three quarters of the memory outside the heap
   *     that the JVM allows at most: connections need the rest
   */
  public ContentCache(LongSupplier limit) {
    this(limit, PlatformDependent.maxDirectMemory());
  }

  ContentCache(LongSupplier limit, long directMemory) {
    this.limit = () -> Math.min(limit.getAsLong(), directMemory / 4 * 3);
    this.cache = new OffHeapCache<>(MAX_OCTETS, this.limit);
    this.searchPages = new SearchPages(cache);
  }

  /** Whether anything is cached at all. */
  boolean isOn() {
    return limit.getAsLong() > 0;
  }

  /** Octets that a read ahead may load: little beside all that is cached. */
  long readAhead() {
    return limit.getAsLong() / 16;
  }

  /**
   * A content that can be read from the cache, if it is not evicted before.
   *
   * @param octets that it takes on the heap when it is read
   */
  record Found(
      ContentCache in,
      ContentId id,
      Entry<CacheKey, CacheHead> entry,
      Columns wanted,
      long octets) {
    /** Reads it; empty when it was evicted. */
    Optional<Content> read() {
      return in.read(this);
    }
  }

  /** Finds a content with the wanted columns; counted as a hit or a miss. */
  Optional<Found> find(AccountId account, ContentId id, Columns wanted) {
    var found = peek(account, id, wanted);
    (found.isPresent() ? hits : misses).increment();
    return found;
  }

  /** Finds a content with the wanted columns. */
  Optional<Found> peek(AccountId account, ContentId id, Columns wanted) {
    return cache
        .get(new OfContent(account, id))
        .filter(entry -> covers(head(entry), wanted))
        .map(entry -> new Found(this, id, entry, wanted, head(entry).held(wanted)));
  }

  private static ContentHead head(Entry<CacheKey, CacheHead> entry) {
    return (ContentHead) entry.head();
  }

  private boolean covers(ContentHead head, Columns wanted) {
    boolean small = wanted.bytes() > 0 && head.size() <= wanted.bytes();
    return head.hasFacts(wanted)
        && (!small || head.bytes() || firstChunk(head).isPresent())
        && (head.blob().isPresent() || !head.readsBlob(wanted));
  }

  /** The chunk that all bytes of a content are in, behind its prefix. */
  private Optional<Entry<CacheKey, CacheHead>> firstChunk(ContentHead head) {
    int length = head.size() - head.lengths().prefix();
    return head.blob()
        .flatMap(blob -> cache.get(new OfChunk(blob, 0)))
        .filter(chunk -> length(chunk) >= length);
  }

  private Optional<Content> read(Found found) {
    var head = head(found.entry);
    var wanted = found.wanted;
    var lengths = head.lengths();
    int before = lengths.tree() + lengths.prefix();
    var facts = cache.read(found.entry, 0, wanted.structure() ? lengths.beforeHeader() : before);
    if (facts.isEmpty()) {
      return Optional.empty();
    }
    var prefix = buffer(facts.get(), lengths.tree(), lengths.prefix());
    boolean whole = wanted.bytes() > 0 && head.size() <= wanted.bytes();
    var bytes = whole ? bytes(found.entry, head, prefix) : Optional.<Buffer>empty();
    if (whole && bytes.isEmpty()) {
      return Optional.empty();
    }
    return header(found.entry, head, wanted.header(), bytes)
        .map(header -> content(found, facts.get(), prefix, header, bytes));
  }

  private static Content content(
      Found found, byte[] octets, Buffer prefix, Buffer header, Optional<Buffer> bytes) {
    var head = head(found.entry);
    var lengths = head.lengths();
    boolean structure = found.wanted.structure();
    int envelope = lengths.tree() + lengths.prefix();
    int body = envelope + lengths.envelope();
    int bodyStructure = body + lengths.body();
    var facts =
        new MessageFacts(
            head.size(),
            structure ? buffer(octets, envelope, lengths.envelope()) : Buffer.buffer(),
            structure ? buffer(octets, body, lengths.body()) : Buffer.buffer(),
            structure ? buffer(octets, bodyStructure, lengths.bodyStructure()) : Buffer.buffer(),
            header,
            head.sent(),
            PartTreeCodec.decode(octets),
            head.octets());
    return new Content(found.id, head.blob().orElse(CachedContent.NO_BLOB), prefix, facts, bytes);
  }

  /** All bytes of a content, the prefix included; empty when they were evicted. */
  private Optional<Buffer> bytes(
      Entry<CacheKey, CacheHead> entry, ContentHead head, Buffer prefix) {
    var lengths = head.lengths();
    if (head.bytes()) {
      int at = lengths.beforeHeader() + lengths.header();
      return cache.read(entry, at, lengths.bytes()).map(all -> buffer(all, 0, all.length));
    }
    return firstChunk(head)
        .flatMap(chunk -> cache.read(chunk, 0, head.size() - prefix.length()))
        .map(own -> buffer(own, 0, own.length))
        .map(
            own ->
                prefix.length() == 0
                    ? own
                    : Buffer.buffer(head.size()).appendBuffer(prefix).appendBuffer(own));
  }

  /** The header if it is wanted, else nothing; empty when it was evicted. */
  private Optional<Buffer> header(
      Entry<CacheKey, CacheHead> entry, ContentHead head, boolean wanted, Optional<Buffer> bytes) {
    if (!wanted) {
      return Optional.of(Buffer.buffer());
    }
    int length = head.headerLength();
    if (bytes.isPresent()) {
      return bytes.map(all -> head.octets().shown(all.slice(0, length)));
    }
    var octets = cache.read(entry, head.lengths().beforeHeader(), length);
    var header = octets.map(it -> buffer(it, 0, it.length));
    return head.bytes() ? header.map(head.octets()::shown) : header;
  }

  /**
   * Reads what is kept for SEARCH of an account's contents, best in the order of their ids; empty
   * for one that is not cached with these columns. Counted as hits and misses. Not thread-safe.
   *
   * @param columns with indexed texts
   */
  Function<ContentId, Optional<StoredHeader>> indexed(AccountId account, HeaderColumns columns) {
    var reader = searchPages.new Reader(account, columns);
    return id -> {
      var found = reader.read(id);
      (found.isPresent() ? hits : misses).increment();
      return found;
    };
  }

  /** Caches the indexed texts that were read or made with these columns. */
  public void putIndexed(
      AccountId account, Map<ContentId, StoredHeader> read, HeaderColumns columns) {
    searchPages.add(account, read, columns);
  }

  /** The header of a content, if it is cached; counted as a hit or a miss. */
  Optional<StoredHeader> header(AccountId account, ContentId id, boolean text) {
    var wanted = new Columns(false, text, 0);
    return find(account, id, wanted).flatMap(found -> header(found, text));
  }

  private Optional<StoredHeader> header(Found found, boolean text) {
    var head = head(found.entry);
    if (!text || head.headerLength() == MessageFacts.MAX_HEADER) {
      return Optional.of(new StoredHeader(head.sent(), Optional.empty(), Optional.empty()));
    }
    return header(found.entry, head, true, Optional.empty())
        .map(header -> new StoredHeader(head.sent(), Optional.empty(), Optional.of(header)));
  }

  /** Caches a content that was read with these columns, beside what is cached of it. */
  void put(AccountId account, Content content, Columns read) {
    put(account, CachedContent.of(content, read));
  }

  /** Caches a content, beside what is cached of it. */
  void put(AccountId account, CachedContent content) {
    var key = new OfContent(account, content.content().id());
    var old = cache.get(key);
    if (old.isPresent() && head(old.get()).hasAll(content)) {
      return;
    }
    var all = old.flatMap(this::readAll).map(content::with).orElse(content);
    var run = all.run();
    cache.put(key, all.head(run), run);
  }

  private Optional<CachedContent> readAll(Entry<CacheKey, CacheHead> entry) {
    var head = head(entry);
    var id = ((OfContent) entry.key()).content();
    var wanted = new Columns(head.structure(), head.header(), head.bytes() ? head.size() : 0);
    return read(new Found(this, id, entry, wanted, 0))
        .map(content -> new CachedContent(content, head.structure(), head.header()));
  }

  /** Octets of a chunk, if they are cached; counted as a hit or a miss. */
  Optional<Buffer> chunk(BlobId blob, int number, int from, int length) {
    var octets =
        cache
            .get(new OfChunk(blob, number))
            .filter(chunk -> length(chunk) >= from + length)
            .flatMap(chunk -> cache.read(chunk, from, length));
    (octets.isPresent() ? hits : misses).increment();
    return octets.map(it -> buffer(it, 0, it.length));
  }

  private static int length(Entry<CacheKey, CacheHead> chunk) {
    return ((CacheHead.OfChunk) chunk.head()).length();
  }

  /** Whether a chunk is among those that are cached. */
  static boolean isCached(long number) {
    return number < MAX_BYTES / Blobs.CHUNK;
  }

  /** Caches the beginning of a chunk. */
  void putChunk(BlobId blob, int number, Buffer octets) {
    var key = new OfChunk(blob, number);
    if (cache.get(key).filter(chunk -> length(chunk) >= octets.length()).isEmpty()) {
      List<ByteBuffer> run = List.of(CachedContent.octets(octets));
      cache.put(key, new CacheHead.OfChunk(octets.length()), run);
    }
  }

  /** Removes the chunks of a blob that has no owner. */
  void drop(BlobId blob) {
    for (int number = 0; isCached(number); number++) {
      cache.remove(new OfChunk(blob, number));
    }
  }

  /** Removes the contents of an account; looks at all that is cached. */
  public void drop(AccountId account) {
    cache.removeIf(
        key ->
            switch (key) {
              case OfContent(var owner, var _) -> owner.equals(account);
              case OfSearchPage(var owner, var _, var _) -> owner.equals(account);
              case OfChunk _ -> false;
            });
  }

  /** How often what was asked for was in memory. */
  public long hits() {
    return hits.sum();
  }

  /** How often it was not. */
  public long misses() {
    return misses.sum();
  }

  /** Octets that are taken now. */
  public long octets() {
    return cache.octets();
  }

  /** How many contents and chunks are cached. */
  public int count() {
    return cache.count();
  }

  /** How many of them were evicted to make room. */
  public long evictions() {
    return cache.evictions();
  }
}
