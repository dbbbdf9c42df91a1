package io.postern.store.content;

import io.postern.mime.search.IndexedText;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.store.Messages.HeaderColumns;
import io.postern.store.Messages.StoredHeader;
import io.postern.store.content.CacheKey.OfSearchPage;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is kept of contents for SEARCH, in the cache: their fields in some pages, their signatures
 * in others, so that a search that needs only one of them leaves the other alone. A page has the
 * contents of {@link #IDS} ids in sequence.
 *
 * <p>A page begins with eight octets for each content: the id in the page, whether anything is
 * known of it, the day of its Date header and the length of what is known. That follows, in the
 * same order. Of two threads that add to a page at the same time one may win: what the other added
 * is read from the store again.
 */
final class SearchPages {
  /** Ids of a page. */
  static final int IDS = 64;

  private static final int ENTRY = 8;
  private static final int NO_DAY = Integer.MIN_VALUE;

  private final OffHeapCache<CacheKey, CacheHead> cache;

  SearchPages(OffHeapCache<CacheKey, CacheHead> cache) {
    this.cache = cache;
  }

  /** What is known of a content in a page. */
  private record Known(int sent, Optional<ByteBuffer> octets) {
    int length() {
      return octets.map(ByteBuffer::remaining).orElse(0);
    }
  }

  /** A page in the cache, and the octets before its contents. */
  private record Page(OffHeapCache.Entry<CacheKey, CacheHead> entry, ByteBuffer table) {
    int count() {
      return table.remaining() / ENTRY;
    }

    int id(int position) {
      return table.get(position * ENTRY);
    }

    boolean isKnown(int position) {
      return table.get(position * ENTRY + 1) != 0;
    }

    int sent(int position) {
      return table.getInt(position * ENTRY + 2);
    }

    int length(int position) {
      return table.getShort(position * ENTRY + 6) & 0xFFFF;
    }
  }

  private Optional<Page> page(OfSearchPage key) {
    return cache
        .get(key)
        .flatMap(
            entry ->
                cache
                    .read(entry, 0, ((CacheHead.OfSearchPage) entry.head()).count() * ENTRY)
                    .map(table -> new Page(entry, ByteBuffer.wrap(table))));
  }

  /** Reads contents of an account, best in the order of their ids. */
  final class Reader {
    private final HeaderColumns columns;
    private final Cursor fields;
    private final Cursor signatures;

    Reader(AccountId account, HeaderColumns columns) {
      this.columns = columns;
      this.fields = new Cursor(account, false);
      this.signatures = new Cursor(account, true);
    }

    /** What is in the cache of a content; without a header. Empty if a column is not there. */
    Optional<StoredHeader> read(ContentId id) {
      var first = columns.fields() ? fields.read(id) : signatures.read(id);
      return first.flatMap(
          one ->
              columns.fields() && columns.signature()
                  ? signatures.read(id).map(other -> header(one, one.octets(), other.octets()))
                  : Optional.of(
                      columns.fields()
                          ? header(one, one.octets(), Optional.empty())
                          : header(one, Optional.empty(), one.octets())));
    }
  }

  private static StoredHeader header(
      Known known, Optional<ByteBuffer> fields, Optional<ByteBuffer> signature) {
    return new StoredHeader(
        known.sent() == NO_DAY ? Optional.empty() : Optional.of(LocalDate.ofEpochDay(known.sent())),
        Optional.of(new IndexedText(fields, signature)),
        Optional.empty());
  }

  /** Reads from one kind of pages; holds the table of the page that it read last. */
  private final class Cursor {
    private final AccountId account;
    private final boolean signatures;
    private long number = -1;
    private Optional<Page> page = Optional.empty();
    private int position;
    private int offset;

    Cursor(AccountId account, boolean signatures) {
      this.account = account;
      this.signatures = signatures;
    }

    Optional<Known> read(ContentId id) {
      long wanted = id.value() / IDS;
      if (wanted != number) {
        number = wanted;
        page = page(new OfSearchPage(account, number, signatures));
        rewind();
      }
      return page.flatMap(it -> read(it, (int) (id.value() % IDS)));
    }

    private void rewind() {
      position = 0;
      offset = page.map(it -> it.count() * ENTRY).orElse(0);
    }

    private Optional<Known> read(Page in, int id) {
      if (position == in.count() || in.id(position) > id) {
        rewind();
      }
      while (position < in.count() && in.id(position) < id) {
        offset += in.length(position);
        position++;
      }
      if (position == in.count() || in.id(position) != id) {
        return Optional.empty();
      }
      int sent = in.sent(position);
      return in.isKnown(position)
          ? cache
              .read(in.entry(), offset, in.length(position))
              .map(octets -> new Known(sent, Optional.of(ByteBuffer.wrap(octets))))
          : Optional.of(new Known(sent, Optional.empty()));
    }
  }

  /** Adds the indexed texts, with these columns, of the contents that have one. */
  void add(AccountId account, Map<ContentId, StoredHeader> read, HeaderColumns columns) {
    var pages = new HashMap<Long, Map<Integer, StoredHeader>>();
    read.forEach(
        (id, header) -> {
          if (header.indexed().isPresent()) {
            pages
                .computeIfAbsent(id.value() / IDS, _ -> new HashMap<>())
                .put((int) (id.value() % IDS), header);
          }
        });
    pages.forEach(
        (number, headers) -> {
          if (columns.fields()) {
            add(new OfSearchPage(account, number, false), headers);
          }
          if (columns.signature()) {
            add(new OfSearchPage(account, number, true), headers);
          }
        });
  }

  private void add(OfSearchPage key, Map<Integer, StoredHeader> headers) {
    var all = known(key);
    headers.forEach(
        (id, header) -> {
          var text = header.indexed().orElse(IndexedText.UNKNOWN);
          all.put(
              id,
              new Known(
                  header.sent().map(day -> Math.toIntExact(day.toEpochDay())).orElse(NO_DAY),
                  key.signatures() ? text.signature() : text.fields()));
        });
    int length = all.values().stream().mapToInt(Known::length).sum();
    var octets = ByteBuffer.allocate(all.size() * ENTRY + length);
    all.forEach(
        (id, known) ->
            octets
                .put(id.byteValue())
                .put((byte) (known.octets().isPresent() ? 1 : 0))
                .putInt(known.sent())
                .putShort((short) known.length()));
    all.values().forEach(known -> known.octets().map(ByteBuffer::duplicate).ifPresent(octets::put));
    cache.put(
        key, new CacheHead.OfSearchPage(all.size(), octets.capacity()), List.of(octets.flip()));
  }

  /** What a page has by now, in the order of the ids. */
  private SortedMap<Integer, Known> known(OfSearchPage key) {
    var all = new TreeMap<Integer, Known>();
    page(key)
        .ifPresent(
            page -> {
              var cursor = new Cursor(key.account(), key.signatures());
              for (int position = 0; position < page.count(); position++) {
                int id = page.id(position);
                cursor
                    .read(new ContentId(key.number() * IDS + id))
                    .ifPresent(known -> all.put(id, known));
              }
            });
    return all;
  }
}
