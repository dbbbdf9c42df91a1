package io.postern.imap.extension;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.response.FetchData;
import io.postern.imap.response.ResponseWriter;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.FetchItem;
import io.postern.imap.state.ConnectionState;
import io.postern.mime.PartTree;
import io.postern.mime.text.PreviewText;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.store.Blobs;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * PREVIEW (RFC 8970): the beginning of a message's text. It is computed when a client first asks
 * for it, from the first octets of one part, and remembered by this node; LAZY has only what is
 * remembered.
 */
public final class Preview implements Extension {
  private static final String NAME = "PREVIEW";

  private final Remembered remembered = new Remembered();

  @Override
  public int rfc() {
    return 8970;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of(NAME);
  }

  @Override
  public List<FetchItem.Kind> fetchItems() {
    return List.of(new FetchItem.Kind(NAME, this::read));
  }

  private FetchItem read(Arguments in) throws BadSyntax {
    var behind = in.fork();
    // Another list is one of modifiers, of FETCH itself (RFC 4466 §2.4).
    if (!behind.trySpace() || !behind.tryOpenList() || !behind.tryKeyword("LAZY")) {
      return new Computed(remembered);
    }
    in.space();
    in.openList();
    in.keyword("LAZY");
    in.closeList();
    return new Lazy(remembered);
  }

  /** Whose content. */
  private record Key(AccountId account, ContentId content) {
    static Key of(FetchItem.Row row) {
      return new Key(row.entry().account(), row.entry().content());
    }
  }

  /**
   * The previews asked for last, of two generations: when the young one is full, it becomes the old
   * one, and what was asked for in neither is forgotten. Used by all event loops; when two of them
   * fill it at once, some is forgotten early.
   */
  private static final class Remembered {
    /** Most of one generation; each takes less than 1 KB. */
    private static final int MOST = 8 * 1024;

    private volatile Map<Key, String> young = new ConcurrentHashMap<>();
    private volatile Map<Key, String> old = Map.of();

    Optional<String> get(Key key) {
      var text = young.get(key);
      if (text == null) {
        text = old.get(key);
        if (text != null) {
          put(key, text);
        }
      }
      return Optional.ofNullable(text);
    }

    void put(Key key, String text) {
      var into = young;
      into.put(key, text);
      if (into.size() >= MOST) {
        old = into;
        young = new ConcurrentHashMap<>();
      }
    }
  }

  private static FetchData shown(Optional<String> text) {
    return new FetchData.Text(NAME, text);
  }

  /** {@code PREVIEW (LAZY)}: NIL when it is not remembered (RFC 8970 §4.1). */
  private record Lazy(Remembered remembered) implements FetchItem {
    @Override
    public Need need() {
      return Need.INDEX;
    }

    @Override
    public FetchData data(Row row) {
      return shown(remembered.get(Key.of(row)));
    }
  }

  /** {@code PREVIEW}. */
  private record Computed(Remembered remembered) implements FetchItem {
    @Override
    public Need need() {
      return Need.BYTES;
    }

    /** Also of a message without text: its preview is empty. */
    @Override
    public boolean atHand(Row row) {
      return remembered.get(Key.of(row)).isPresent()
          || row.content().orElseThrow().bytes().isPresent()
          || PreviewText.part(row.facts().parts()).isEmpty();
    }

    @Override
    public long octets(Row row) {
      return remembered.get(Key.of(row)).isPresent() ? 0 : PreviewText.MAX_OCTETS;
    }

    @Override
    public FetchData data(Row row) {
      var known = remembered.get(Key.of(row));
      return known.isPresent() ? shown(known) : computed(row);
    }

    private FetchData computed(Row row) {
      var text =
          PreviewText.part(row.facts().parts())
              .map(
                  part -> {
                    var bytes = row.content().orElseThrow().bytes().orElseThrow();
                    int end = part.bodyStart() + length(part);
                    return PreviewText.of(part, bytes.slice(part.bodyStart(), end));
                  })
              .orElse("");
      return remember(row, text);
    }

    private static int length(PartTree part) {
      return Math.min(part.end() - part.bodyStart(), PreviewText.MAX_OCTETS);
    }

    private FetchData remember(Row row, String text) {
      remembered.put(Key.of(row), text);
      return shown(Optional.of(text));
    }

    @Override
    public Uni<FetchData> read(Row row, Blobs blobs, ResponseWriter reply) {
      var part = PreviewText.part(row.facts().parts()).orElseThrow();
      return row.content()
          .orElseThrow()
          .read(blobs, part.bodyStart(), length(part))
          .collect()
          .in(Buffer::buffer, Buffer::appendBuffer)
          .map(octets -> remember(row, PreviewText.of(part, octets)));
    }
  }
}
