package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.Section;
import io.postern.imap.grammar.Section.Partial;
import io.postern.imap.grammar.SectionText;
import io.postern.imap.response.FetchData;
import io.postern.imap.response.ResponseText;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.FetchItem;
import io.postern.mime.PartRange;
import io.postern.mime.header.HeaderSubset;
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

  /** The message's own header is stored with its facts, unless it is very long. */
  @Override
  public boolean atHand(Row row) {
    return (isMainHeader() && row.facts().headerIsWhole()) || range(row).isEmpty();
  }

  /** Of fields the whole header, and so of a header in which NUL has to be replaced. */
  @Override
  public long octets(Row row) {
    long all = range(row).map(PartRange::length).orElse(0);
    boolean whole = isSubset() || (isMainHeader() && row.facts().octets().nul());
    return label.length() + (whole ? all : PartialRange.of(partial, all).length());
  }

  private boolean isMainHeader() {
    return section.part().isEmpty() && of() == PartRange.Of.HEADER;
  }

  private PartRange.Of of() {
    return switch (section.what()) {
      case ALL -> PartRange.Of.WHOLE;
      case HEADER, HEADER_FIELDS, HEADER_FIELDS_NOT -> PartRange.Of.HEADER;
      case TEXT -> PartRange.Of.TEXT;
      case MIME -> PartRange.Of.MIME;
    };
  }

  private Optional<PartRange> range(Row row) {
    return PartRange.find(row.facts().parts(), section.part(), of());
  }

  @Override
  public FetchData data(Row row) {
    if (range(row).isEmpty()) {
      return new FetchData.Section(label, Optional.empty());
    }
    var header = row.facts().octets().shown(row.facts().header());
    var whole = isSubset() ? HeaderSubset.of(header, section.fields(), wantsNamed()) : header;
    var partialRange = PartialRange.of(partial, whole.length());
    return new FetchData.Section(label, Optional.of(partialRange.cut(whole)));
  }

  private boolean isSubset() {
    return !section.fields().isEmpty();
  }

  private boolean wantsNamed() {
    return section.what() == Section.What.HEADER_FIELDS;
  }

  @Override
  public Uni<FetchData.Streamed> stream(Row row, CommandContext context) {
    var range = range(row).orElseThrow();
    if (!isSubset()) {
      var partialRange = PartialRange.of(partial, range.length());
      var octets = read(row, context, range.start() + partialRange.skip(), partialRange.length());
      return Uni.createFrom().item(new FetchData.Streamed(label, partialRange.length(), octets));
    }
    // The literal's length comes first, so a long header is read twice.
    return subset(row, context, range)
        .map(Buffer::length)
        .collect()
        .with(Collectors.summingLong(Integer::longValue))
        .map(length -> PartialRange.of(partial, length))
        .map(partialRange -> streamed(partialRange, subset(row, context, range)));
  }

  private FetchData.Streamed streamed(PartialRange partialRange, Multi<Buffer> whole) {
    return new FetchData.Streamed(label, partialRange.length(), whole.map(partialRange::cut));
  }

  private Multi<Buffer> subset(Row row, CommandContext context, PartRange range) {
    return Multi.createFrom()
        .deferred(
            () -> {
              var subset = new HeaderSubset(section.fields(), wantsNamed());
              var fed = read(row, context, range.start(), range.length()).map(subset::feed);
              var rest = Multi.createFrom().item(subset::finish);
              return Multi.createBy().concatenating().streams(fed, rest);
            });
  }

  private static Multi<Buffer> read(Row row, CommandContext context, long from, long length) {
    return length == 0
        ? Multi.createFrom().empty()
        : row.content()
            .orElseThrow()
            .read(context.ports().blobs(), from, length, context.reply()::piece)
            .map(row.facts().octets()::shown);
  }
}
