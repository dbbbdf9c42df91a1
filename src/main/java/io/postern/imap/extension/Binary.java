package io.postern.imap.extension;

import io.postern.imap.command.PartialRange;
import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.Section;
import io.postern.imap.grammar.SectionText;
import io.postern.imap.response.FetchData;
import io.postern.imap.response.ResponseText;
import io.postern.imap.response.ResponseWriter;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.FetchItem;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.Outcome;
import io.postern.mime.OctetFacts;
import io.postern.mime.PartRange;
import io.postern.mime.PartTree;
import io.postern.mime.decoding.TransferDecoder;
import io.postern.store.Blobs;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * BINARY (RFC 3516): parts of messages without their transfer encoding, and messages with NUL in
 * APPEND. Octets are stored as they come; a part is decoded while it is sent.
 */
public final class Binary implements Extension {
  private static final String NAME = "BINARY";

  @Override
  public int rfc() {
    return 3516;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of(NAME);
  }

  @Override
  public boolean appendsBinary() {
    return true;
  }

  @Override
  public List<FetchItem.Kind> fetchItems() {
    return List.of(
        new FetchItem.Kind(NAME, in -> Content.read(in, false)),
        new FetchItem.Kind("BINARY.PEEK", in -> Content.read(in, true)),
        new FetchItem.Kind("BINARY.SIZE", Size::read));
  }

  /**
   * A section of one message.
   *
   * @param range of its encoded octets
   * @param encoding of a part; empty for the whole message and for a part that has others in it,
   *     which have none (RFC 2045 §6.4)
   */
  private record Encoded(PartRange range, String encoding) {
    static Optional<Encoded> find(Section section, FetchItem.Row row) {
      var root = row.facts().parts();
      return PartRange.find(root, section.part(), PartRange.Of.WHOLE)
          .map(
              range ->
                  new Encoded(
                      range,
                      section.part().isEmpty()
                          ? ""
                          : PartRange.part(root, section.part())
                              .filter(part -> part.children().isEmpty())
                              .map(PartTree::encoding)
                              .orElse("")));
    }

    boolean isKnown() {
      return encoding.isEmpty() || TransferDecoder.isKnown(encoding);
    }

    Buffer decode(Buffer message) {
      var decoder = TransferDecoder.of(encoding);
      var decoded = decoder.feed(message.slice(range.start(), range.end()));
      return decoded.appendBuffer(decoder.finish());
    }

    /**
     * The decoded octets, in pieces that are read on demand.
     *
     * @param most of them that are wanted: no piece follows the one that completes these
     */
    Multi<Buffer> decoded(FetchItem.Row row, Blobs blobs, ResponseWriter reply, long most) {
      if (range.length() == 0) {
        return Multi.createFrom().empty();
      }
      return Multi.createFrom()
          .deferred(
              () -> {
                var decoder = TransferDecoder.of(encoding);
                var pieces =
                    row.content()
                        .orElseThrow()
                        .read(blobs, range.start(), range.length(), reply::piece)
                        .map(decoder::feed);
                var rest = Multi.createFrom().item(decoder::finish);
                var wanted = new Wanted(most);
                return Multi.createBy()
                    .concatenating()
                    .streams(pieces, rest)
                    .select()
                    .first(wanted::takes);
              });
    }

    /** Decodes the section once, to know the size before its octets are sent. */
    Uni<Measured> measured(FetchItem.Row row, Blobs blobs, ResponseWriter reply, long most) {
      return decoded(row, blobs, reply, most)
          .onItem()
          // However fast the octets are there, other sessions of the event loop run between.
          .transformToUniAndConcatenate(piece -> reply.pause().replaceWith(piece))
          .map(piece -> new Measured(piece.length(), OctetFacts.hasNul(piece.getBytes())))
          .collect()
          .with(Collectors.reducing(Measured.NOTHING, Measured::and));
    }
  }

  /**
   * Decoded octets.
   *
   * @param length how many
   * @param nul whether NUL is among them
   */
  private record Measured(long length, boolean nul) {
    static final Measured NOTHING = new Measured(0, false);

    Measured and(Measured more) {
      return new Measured(length + more.length, nul || more.nul);
    }
  }

  /** Counts octets up to those that are wanted. */
  private static final class Wanted {
    private final long most;
    private long taken;

    Wanted(long most) {
      this.most = most;
    }

    boolean takes(Buffer piece) {
      boolean wanted = taken < most;
      taken += piece.length();
      return wanted;
    }
  }

  /** RFC 3516 §4.3: the request fails. */
  private static Optional<Outcome.No> refusal(Optional<Encoded> encoded) {
    return encoded
        .filter(it -> !it.isKnown())
        .map(_ -> Outcome.no("UNKNOWN-CTE", "The part has a transfer encoding not known here."));
  }

  private static boolean isInMemory(FetchItem.Row row) {
    return row.content().orElseThrow().bytes().isPresent();
  }

  private static Buffer bytes(FetchItem.Row row) {
    return row.content().orElseThrow().bytes().orElseThrow();
  }

  /** {@code BINARY[1.2]<0.100>} and {@code BINARY.PEEK[1.2]}. */
  private record Content(
      Buffer label, Section section, Optional<Section.Partial> partial, boolean peek)
      implements FetchItem {
    static Content read(Arguments in, boolean peek) throws BadSyntax {
      var section = SectionText.readPart(in);
      var partial = SectionText.tryPartial(in);
      var label = new ResponseText().raw(NAME).section(section, partial).buffer();
      return new Content(label, section, partial, peek);
    }

    @Override
    public Need need() {
      return Need.BYTES;
    }

    @Override
    public boolean setsSeen() {
      return !peek;
    }

    /** The decoded octet behind the last one wanted. */
    private long most() {
      return partial
          .filter(it -> it.offset() <= Long.MAX_VALUE - it.count())
          .map(it -> it.offset() + it.count())
          .orElse(Long.MAX_VALUE);
    }

    @Override
    public FetchItem of(Row row) {
      return new OfMessage(this, Encoded.find(section, row));
    }

    @Override
    public FetchData data(Row row) {
      return of(row).data(row);
    }

    /** The content of one message's section; empty when the message has no such section. */
    private record OfMessage(Content item, Optional<Encoded> encoded) implements FetchItem {
      @Override
      public Need need() {
        return item.need();
      }

      @Override
      public Optional<Outcome.No> refusal(Row row) {
        return Binary.refusal(encoded);
      }

      @Override
      public boolean atHand(Row row) {
        return encoded.isEmpty() || isInMemory(row);
      }

      @Override
      public long octets(Row row) {
        return (long) item.label.length() + encoded.map(it -> it.range().length()).orElse(0);
      }

      @Override
      public FetchData data(Row row) {
        if (encoded.isEmpty()) {
          return new FetchData.Section(item.label, Optional.empty());
        }
        var all = encoded.get().decode(bytes(row));
        var octets = PartialRange.of(item.partial, all.length()).cut(all);
        return new FetchData.Section(
            item.label, Optional.of(octets), OctetFacts.hasNul(octets.getBytes()));
      }

      @Override
      public Uni<FetchData> read(Row row, Blobs blobs, ResponseWriter reply) {
        var section = encoded.orElseThrow();
        long most = item.most();
        return section
            .measured(row, blobs, reply, most)
            .map(
                all -> {
                  var range = PartialRange.of(item.partial, all.length());
                  var pieces = section.decoded(row, blobs, reply, most).map(range::cut);
                  return new FetchData.Streamed(item.label, range.length(), all.nul(), pieces);
                });
      }
    }
  }

  /** {@code BINARY.SIZE[1.2]}: the octets of the decoded section. */
  private record Size(String label, Section section) implements FetchItem {
    static Size read(Arguments in) throws BadSyntax {
      var section = SectionText.readPart(in);
      var label = new ResponseText().raw("BINARY.SIZE").section(section, Optional.empty());
      return new Size(label.buffer().toString(), section);
    }

    @Override
    public Need need() {
      return Need.BYTES;
    }

    @Override
    public Optional<Outcome.No> refusal(Row row) {
      return Binary.refusal(Encoded.find(section, row));
    }

    /** Also of a section that the message does not have: 0. */
    @Override
    public boolean atHand(Row row) {
      return isInMemory(row) || Encoded.find(section, row).isEmpty();
    }

    @Override
    public long octets(Row row) {
      return Encoded.find(section, row).map(it -> it.range().length()).orElse(0);
    }

    @Override
    public FetchData data(Row row) {
      var encoded = Encoded.find(section, row);
      return new FetchData.Numeric(
          label, encoded.map(it -> it.decode(bytes(row)).length()).orElse(0));
    }

    @Override
    public Uni<FetchData> read(Row row, Blobs blobs, ResponseWriter reply) {
      return Encoded.find(section, row)
          .orElseThrow()
          .measured(row, blobs, reply, Long.MAX_VALUE)
          .map(all -> new FetchData.Numeric(label, all.length()));
    }
  }
}
