package io.postern.store.search;

import io.postern.mime.search.IndexedText;
import io.postern.mime.search.SearchedRange;
import io.postern.mime.search.TextIndexing;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.store.Blobs;
import io.postern.store.IndexedTexts;
import io.postern.store.Messages;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.HeaderColumns;
import io.postern.store.Messages.StoredHeader;
import io.postern.store.content.ContentCache;
import io.postern.store.search.IndexingQueue.Batch;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Indexes the contents of a queue: reads them, from memory what was just delivered, makes their
 * texts on a worker thread, caches and stores them. One batch of one account at a time.
 */
public final class SearchIndexing {
  private static final Logger LOG = System.getLogger(SearchIndexing.class.getName());

  /** Octets of text of a content that is indexed, transfer encoding included. */
  static final int MAX_OCTETS = 1024 * 1024;

  /** Contents that are taken from the queue at once. */
  private static final int TAKEN = 512;

  /** Octets of the facts and small contents of a batch, its first content aside. */
  private static final int BATCH_OCTETS = 1024 * 1024;

  /** Largest content whose bytes are read with its facts. */
  private static final int SMALL = 64 * 1024;

  /** After each batch it rests for so many times as long as that took. */
  private static final int REST = 2;

  private static final HeaderColumns ALL = new HeaderColumns(true, true, false);

  private final IndexingQueue queue;
  private final Messages messages;
  private final Blobs blobs;
  private final IndexedTexts texts;
  private final ContentCache cache;
  private final Executor worker;
  private final LongAdder indexed = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final AtomicBoolean failing = new AtomicBoolean();

  /** Where contents are read, and where their texts go. */
  public record Ports(Messages messages, Blobs blobs, IndexedTexts texts, ContentCache cache) {}

  /**
   * @param worker runs tasks of some 0.1 s, one for each content, not on an event loop
   */
  public SearchIndexing(IndexingQueue queue, Ports ports, Executor worker) {
    this.queue = queue;
    this.messages = ports.messages();
    this.blobs = ports.blobs();
    this.texts = ports.texts();
    this.cache = ports.cache();
    this.worker = worker;
  }

  /** How many contents were indexed. */
  public long indexed() {
    return indexed.sum();
  }

  /** How many batches failed. */
  public long failures() {
    return failures.sum();
  }

  /**
   * Indexes until the queue is empty, or a batch fails, whose contents are then left to a later
   * search. Never fails. Called by one caller at a time.
   */
  public Uni<Void> run() {
    return Multi.createBy()
        .repeating()
        .uni(() -> Uni.createFrom().item(() -> queue.take(TAKEN)))
        .whilst(batches -> !batches.isEmpty())
        .onItem()
        .transformToUniAndConcatenate(this::all)
        .onItem()
        .ignoreAsUni()
        .onFailure()
        .recoverWithUni(this::failed);
  }

  private Uni<Void> all(List<Batch> batches) {
    return Multi.createFrom()
        .iterable(batches)
        .onItem()
        .transformToUniAndConcatenate(this::paced)
        .onItem()
        .ignoreAsUni();
  }

  private Uni<Void> failed(Throwable failure) {
    failures.increment();
    var level = failing.getAndSet(true) ? Level.DEBUG : Level.WARNING;
    LOG.log(level, "Contents not indexed for SEARCH, which scans them: {0}", failure.toString());
    return Uni.createFrom().voidItem();
  }

  private Uni<Void> paced(Batch batch) {
    long began = System.nanoTime();
    return index(batch)
        .chain(() -> Uni.createFrom().item(REST * (System.nanoTime() - began)))
        .chain(
            nanos ->
                Uni.createFrom().voidItem().onItem().delayIt().by(Duration.ofNanos(1 + nanos)));
  }

  private Uni<Void> index(Batch batch) {
    return messages
        .contents(batch.account(), batch.contents(), new Columns(false, true, SMALL), BATCH_OCTETS)
        .invoke(read -> read.left().forEach(id -> queue.offer(batch.account(), id)))
        .chain(
            read ->
                Multi.createFrom()
                    .iterable(read.found().values())
                    .onItem()
                    // One by one: their octets together may be very many.
                    .transformToUniAndConcatenate(this::madeOf)
                    .filter(Optional::isPresent)
                    .map(Optional::get)
                    .collect()
                    .asMap(Map.Entry::getKey, Map.Entry::getValue))
        .chain(made -> keep(batch.account(), made));
  }

  /** Empty when it cannot be read or decoded: it is scanned, and the others are indexed. */
  private Uni<Optional<Map.Entry<ContentId, StoredHeader>>> madeOf(Content content) {
    return read(content)
        .emitOn(worker)
        .map(SearchIndexing::made)
        .map(Optional::of)
        .onFailure()
        .recoverWithItem(
            failure -> {
              failures.increment();
              LOG.log(
                  Level.DEBUG,
                  "Content not indexed for SEARCH, which scans it: content={0}: {1}",
                  content.id().value(),
                  failure.toString());
              return Optional.empty();
            });
  }

  private Uni<Void> keep(AccountId account, Map<ContentId, StoredHeader> made) {
    // In memory first: there it is of use even if the database takes no writes.
    cache.putIndexed(account, made, ALL);
    var stored = new HashMap<ContentId, IndexedText>();
    made.forEach((id, header) -> header.indexed().ifPresent(text -> stored.put(id, text)));
    return texts
        .store(account, stored)
        .invoke(
            () -> {
              indexed.add(stored.size());
              failing.set(false);
            });
  }

  /** The octets of a content's ranges. */
  private record Source(Content content, List<SearchedRange> ranges, List<Buffer> octets) {
    /** Whether none is missing in the store: without it, the index would exclude what is there. */
    boolean isComplete() {
      for (int i = 0; i < ranges.size(); i++) {
        if (octets.get(i).length() < ranges.get(i).octets().length()) {
          return false;
        }
      }
      return true;
    }
  }

  /** Reads what is indexed; nothing of a content whose text is too long. */
  private Uni<Source> read(Content content) {
    var ranges = TextIndexing.ranges(content.facts().parts());
    long length = ranges.stream().mapToLong(range -> range.octets().length()).sum();
    return length > MAX_OCTETS
        ? Uni.createFrom().item(new Source(content, List.of(), List.of()))
        : Multi.createFrom()
            .iterable(ranges)
            .onItem()
            .transformToUniAndConcatenate(range -> octets(content, range))
            .collect()
            .asList()
            .map(octets -> new Source(content, ranges, octets));
  }

  /** The octets that a search of the range compares: a header is searched as it is shown. */
  private Uni<Buffer> octets(Content content, SearchedRange range) {
    int start = range.octets().start();
    int end = range.octets().end();
    var all = Buffer.buffer();
    if (range.kind() == SearchedRange.Kind.HEADER) {
      all.appendBuffer(content.facts().header());
    }
    int from = start + all.length();
    return from >= end
        ? Uni.createFrom().item(all)
        : content.read(blobs, from, end - from).collect().in(() -> all, Buffer::appendBuffer);
  }

  private static Map.Entry<ContentId, StoredHeader> made(Source source) {
    var content = source.content();
    return Map.entry(
        content.id(), new StoredHeader(content.facts().sent(), text(source), Optional.empty()));
  }

  private static Optional<IndexedText> text(Source source) {
    if (source.ranges().isEmpty()) {
      return Optional.of(IndexedText.UNKNOWN);
    }
    if (!source.isComplete()) {
      return Optional.empty();
    }
    var indexing = new TextIndexing();
    for (int i = 0; i < source.ranges().size(); i++) {
      var search = indexing.begin(source.ranges().get(i));
      search.feed(source.octets().get(i));
      search.finish();
      while (search.pending()) {
        search.advance();
      }
    }
    return Optional.of(indexing.finish());
  }
}
