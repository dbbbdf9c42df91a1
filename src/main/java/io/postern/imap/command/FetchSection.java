package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.Section;
import io.postern.imap.grammar.Section.Partial;
import io.postern.imap.grammar.SectionText;
import io.postern.imap.response.FetchData;
import io.postern.imap.response.ResponseText;
import io.postern.imap.response.ResponseWriter;
import io.postern.imap.spi.FetchItem;
import io.postern.mime.PartRange;
import io.postern.mime.header.HeaderSubset;
import io.postern.store.Blobs;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code BODY[...]} and its older names (RFC 3501 §6.4.5).
 *
 * @param label name, section and offset, as the response writes them
 * @param section the section requested
 * @param partial which of its octets, all when empty
 * @param peek whether {@code \Seen} stays unchanged
 */
record FetchSection(Buffer label, Section section, Optional<Partial> partial, boolean peek)
    implements FetchItem {

  /** Parses section and partial behind {@code BODY} or {@code BODY.PEEK}. */
  static FetchSection read(Arguments in, boolean peek) throws BadSyntax {
    var section = SectionText.read(in);
    var partial = SectionText.tryPartial(in);
    var label = new ResponseText().raw("BODY").section(section, partial).buffer();
    return new FetchSection(label, section, partial, peek);
  }

  /** An RFC 822 name for a section. */
  static FetchSection old(String name, Section section, boolean peek) {
    return new FetchSection(Buffer.buffer(name), section, Optional.empty(), peek);
  }

  @Override
  public Need need() {
    return isMainHeader() ? Need.HEADER : Need.BYTES;
  }

  @Override
  public boolean setsSeen() {
    return !peek;
  }

  private boolean isMainHeader() {
    return section.part().isEmpty() && range() == PartRange.Of.HEADER;
  }

  private PartRange.Of range() {
    return switch (section.what()) {
      case ALL -> PartRange.Of.WHOLE;
      case HEADER, HEADER_FIELDS, HEADER_FIELDS_NOT -> PartRange.Of.HEADER;
      case TEXT -> PartRange.Of.TEXT;
      case MIME -> PartRange.Of.MIME;
    };
  }

  private boolean isSubset() {
    return !section.fields().isEmpty();
  }

  @Override
  public FetchItem of(Row row) {
    return new OfMessage(this, PartRange.find(row.facts().parts(), section.part(), range()));
  }

  @Override
  public FetchData data(Row row) {
    return of(row).data(row);
  }

  /**
   * The section of one message.
   *
   * @param range empty when the message has no such section
   */
  private record OfMessage(FetchSection item, Optional<PartRange> range) implements FetchItem {
    @Override
    public Need need() {
      return item.need();
    }

    /** The message's own header is stored with its facts, unless it is very long. */
    @Override
    public boolean atHand(Row row) {
      return range.isEmpty()
          || row.content().orElseThrow().bytes().isPresent()
          || (item.isMainHeader() && row.facts().headerIsWhole());
    }

    /** Of fields the whole header, and so of octets in which NUL has to be replaced. */
    @Override
    public long octets(Row row) {
      long all = range.map(PartRange::length).orElse(0);
      boolean whole = item.isSubset() || (item.isMainHeader() && row.facts().octets().nul());
      return item.label.length() + (whole ? all : PartialRange.of(item.partial, all).length());
    }

    @Override
    public FetchData data(Row row) {
      return new FetchData.Section(item.label, range.map(it -> octets(row, it)));
    }

    /** Those that are at hand: from the bytes, or from the header stored with the facts. */
    private Buffer octets(Row row, PartRange part) {
      var octets = row.facts().octets();
      var bytes = row.content().orElseThrow().bytes();
      if (item.isSubset()) {
        var header = bytes.map(all -> all.slice(part.start(), part.end()));
        var shown = octets.shown(header.orElseGet(row.facts()::header));
        var subset = HeaderSubset.of(shown, item.section.fields(), wantsNamed());
        return PartialRange.of(item.partial, subset.length()).cut(subset);
      }
      var window = PartialRange.of(item.partial, part.length());
      if (bytes.isEmpty()) {
        return window.cut(octets.shown(row.facts().header()));
      }
      int from = part.start() + (int) window.skip();
      return octets.shown(bytes.get().slice(from, from + (int) window.length()));
    }

    private boolean wantsNamed() {
      return item.section.what() == Section.What.HEADER_FIELDS;
    }

    @Override
    public Uni<FetchData> read(Row row, Blobs blobs, ResponseWriter reply) {
      var part = range.orElseThrow();
      if (!item.isSubset()) {
        var window = PartialRange.of(item.partial, part.length());
        var octets = stored(row, blobs, reply, part.start() + window.skip(), window.length());
        return Uni.createFrom().item(new FetchData.Streamed(item.label, window.length(), octets));
      }
      // The literal's length comes first, so a long header is read twice.
      return subset(row, blobs, reply, part)
          .map(Buffer::length)
          .collect()
          .with(Collectors.summingLong(Integer::longValue))
          .map(length -> PartialRange.of(item.partial, length))
          .map(window -> streamed(window, subset(row, blobs, reply, part)));
    }

    private FetchData.Streamed streamed(PartialRange window, Multi<Buffer> whole) {
      return new FetchData.Streamed(item.label, window.length(), whole.map(window::cut));
    }

    private Multi<Buffer> subset(Row row, Blobs blobs, ResponseWriter reply, PartRange part) {
      return Multi.createFrom()
          .deferred(
              () -> {
                var subset = new HeaderSubset(item.section.fields(), wantsNamed());
                var fed = stored(row, blobs, reply, part.start(), part.length()).map(subset::feed);
                var rest = Multi.createFrom().item(subset::finish);
                return Multi.createBy().concatenating().streams(fed, rest);
              });
    }
  }

  private static Multi<Buffer> stored(
      Row row, Blobs blobs, ResponseWriter reply, long from, long length) {
    return length == 0
        ? Multi.createFrom().empty()
        : row.content()
            .orElseThrow()
            .read(blobs, from, length, reply::piece)
            .map(row.facts().octets()::shown);
  }
}
