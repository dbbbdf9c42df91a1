package io.postern.mime.search;

import io.postern.mime.PartTree;
import io.postern.mime.text.BodySearch;
import io.postern.mime.text.FoldedText;
import io.postern.mime.text.HeaderSearch;
import io.postern.mime.text.RangeSearch;
import io.postern.mime.text.TextScan;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Makes the {@link IndexedText} of one message. The caller feeds the octets of all {@link #ranges}
 * in order, each range to a {@link RangeSearch} of its own: so what is indexed is what a SEARCH of
 * the same ranges compares, decoded by the same code. Not thread-safe.
 */
public final class TextIndexing {
  private final TrigramSet trigrams = new TrigramSet();
  private final KeptFields fields = new KeptFields();

  /** The ranges of a message whose text is indexed, in octet order: those that TEXT searches. */
  public static List<SearchedRange> ranges(PartTree message) {
    return SearchedRange.all(message);
  }

  /** Begins a range. */
  public RangeSearch begin(SearchedRange range) {
    return switch (range.kind()) {
      case HEADER -> new HeaderSearch(Optional.of(trigrams.scan()), fields);
      case PART_HEADER, INNER_HEADER -> innerHeader();
      case BODY -> new BodySearch(range.part(), Optional.of(trigrams.scan()), Optional.empty());
      case MESSAGE ->
          new BodySearch(range.part(), Optional.of(trigrams.scan()), Optional.of(innerHeader()));
    };
  }

  private HeaderSearch innerHeader() {
    return new HeaderSearch(Optional.of(trigrams.scan()), HeaderSearch.Fields.NONE);
  }

  /** The result, after all ranges; called once. */
  public IndexedText finish() {
    return new IndexedText(fields.encoded(), trigrams.signature());
  }

  /** Encodes the fields that are kept. */
  private static final class KeptFields implements HeaderSearch.Fields {
    private final ByteBuffer octets = ByteBuffer.allocate(IndexedText.MAX_FIELDS);
    private int begun = -1;
    private boolean overflow;

    @Override
    public boolean mayBegin(char first) {
      return true;
    }

    @Override
    public Optional<HeaderSearch.Field> named(String lowerCaseName) {
      int number = IndexedText.FIELDS.indexOf(lowerCaseName);
      if (number < 0) {
        return Optional.empty();
      }
      Optional<TextScan> addresses =
          number < IndexedText.WITH_ADDRESSES
              ? Optional.of(new FoldedText(new Entry(2 * number + 1)))
              : Optional.empty();
      return Optional.of(new HeaderSearch.Field(new FoldedText(new Entry(2 * number)), addresses));
    }

    Optional<ByteBuffer> encoded() {
      end();
      return overflow
          ? Optional.empty()
          : Optional.of(ByteBuffer.allocate(octets.position()).put(octets.flip()).flip());
    }

    /** Writes the length of the entry that was begun. */
    private void end() {
      if (begun >= 0 && !overflow) {
        octets.putShort(begun + 1, (short) (octets.position() - begun - IndexedText.HEADER));
      }
    }

    private boolean hasRoom(int length) {
      overflow = overflow || octets.remaining() < length;
      return !overflow;
    }

    /** The text of one field; that of another begins when it has ended. */
    private final class Entry implements FoldedText.Sink {
      private final int tag;

      Entry(int tag) {
        this.tag = tag;
      }

      @Override
      public void begin() {
        end();
        begun = octets.position();
        if (hasRoom(IndexedText.HEADER)) {
          octets.put((byte) tag).putShort((short) 0);
        }
      }

      @Override
      public void accept(int codePoint) {
        if (hasRoom(Integer.BYTES)) {
          FoldedText.encode(codePoint, octets);
        }
      }
    }
  }
}
