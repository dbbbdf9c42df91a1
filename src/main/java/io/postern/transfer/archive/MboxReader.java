package io.postern.transfer.archive;

import io.postern.transfer.archive.MboxText.LineEnds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads an mbox (RFC 4155) of the variant <i>mboxrd</i>. A message that {@link MboxWriter} wrote is
 * read octet by octet as it was. Of others, the fields in which programs keep flags are not part of
 * the message, and in a file whose lines end with LF each line of it gets CRLF, which IMAP requires
 * (RFC 3501 §2.2).
 */
public final class MboxReader implements MessageReader {
  /** Longest separator and line of a header, in octets. */
  private static final int MAX_LINE = 1 << 20;

  private final CountedInput in;
  private int next;

  /** The separator of the message to read. */
  private Optional<String> separator = Optional.empty();

  /** Whether the line that was read last ended with a bare LF. */
  private boolean lf;

  /**
   * @param in the file; closed with the reader
   * @param length octets of the file
   */
  public MboxReader(InputStream in, long length) throws IOException {
    this.in = new CountedInput(in, length);
    this.next = this.in.read();
    while (next == '\n' || next == '\r') {
      next = this.in.read();
    }
    if (next >= 0) {
      var first = line();
      if (!first.startsWith("From ")) {
        throw new IOException("it is no mbox: its first line does not begin with \"From \"");
      }
      separator = Optional.of(first);
    }
  }

  @Override
  public double fraction() {
    return in.fraction();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  @Override
  public Optional<ArchivedMessage> next() throws IOException {
    if (separator.isEmpty()) {
      return Optional.empty();
    }
    var from = separator.get();
    separator = Optional.empty();
    var spool = new Spool();
    try {
      var message = message(from, spool);
      spool.finish();
      return Optional.of(message);
    } catch (IOException | RuntimeException e) {
      spool.close();
      throw e;
    }
  }

  private ArchivedMessage message(String from, Spool spool) throws IOException {
    // Of the separator, which was read last.
    var text = new MboxText(spool, Long.MAX_VALUE, lf ? LineEnds.TO_CRLF : LineEnds.AS_IS);
    if (next == 'X') {
      var field = line();
      return field.startsWith(MboxLines.OCTETS)
          ? ours(field.substring(MboxLines.OCTETS.length()), from, spool)
          : others(Optional.of(field), from, spool, text);
    }
    return others(Optional.empty(), from, spool, text);
  }

  /** A message that this program wrote. */
  private ArchivedMessage ours(String octets, String from, Spool spool) throws IOException {
    var words = octets.split(" ", -1);
    if (words.length != 2 || !words[0].matches("\\d{1,18}")) {
      throw malformed(from);
    }
    var date = date(line(), from);
    var flags = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      flags.addAll(MboxLines.flags(line()).orElseThrow(() -> malformed(from)));
    }
    var ends = words[1].equals(MboxLines.CRLF) ? LineEnds.LF_TO_CRLF : LineEnds.AS_IS;
    body(new MboxText(spool, Long.parseLong(words[0]), ends));
    if (spool.size() != Long.parseLong(words[0])) {
      throw new IOException("the archive ends within the message behind \"" + from + "\"");
    }
    return new ArchivedMessage(spool, flags, date);
  }

  private static OffsetDateTime date(String field, String from) throws IOException {
    try {
      return OffsetDateTime.parse(field.substring(MboxLines.DATE.length()));
    } catch (DateTimeParseException | StringIndexOutOfBoundsException e) {
      throw new IOException("the message behind \"" + from + "\" is malformed", e);
    }
  }

  private static IOException malformed(String from) {
    return new IOException("the message behind \"" + from + "\" is malformed");
  }

  /** A message of another program. */
  private ArchivedMessage others(Optional<String> first, String from, Spool spool, MboxText text)
      throws IOException {
    var flags = new ArrayList<String>();
    if (first.isPresent()) {
      field(first.get(), flags, text);
    }
    while (next >= 0 && next != '\n' && next != '\r') {
      field(line(), flags, text);
    }
    body(text);
    return new ArchivedMessage(spool, flags, MboxLines.date(from));
  }

  /** Takes a field's flags, or writes the field. */
  private static void field(String line, List<String> flags, MboxText text) throws IOException {
    var found = MboxLines.flags(line);
    if (found.isPresent()) {
      flags.addAll(found.get());
    } else {
      text.line(line);
    }
  }

  /** Reads lines up to the next separator, which an empty line precedes, or to the end. */
  private void body(MboxText text) throws IOException {
    while (next >= 0) {
      int quotes = 0;
      for (; next == '>'; next = in.read()) {
        quotes++;
      }
      int matched = 0;
      for (; matched < MboxLines.FROM.length && next == MboxLines.FROM[matched]; next = in.read()) {
        matched++;
      }
      boolean whole = matched == MboxLines.FROM.length;
      if (whole && quotes == 0 && text.endsWithEmptyLine()) {
        separator = Optional.of("From " + line());
        text.finish();
        return;
      }
      text.begin(whole ? Math.max(0, quotes - 1) : quotes, matched);
      while (next >= 0 && next != '\n') {
        text.octet(next);
        next = in.read();
      }
      if (next == '\n') {
        text.end();
        next = in.read();
      }
    }
    text.finish();
  }

  /** Reads a line without its end, and notes what its end is. */
  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    while (next >= 0 && next != '\n') {
      if (line.size() == MAX_LINE) {
        throw new IOException("a line has more than " + MAX_LINE + " octets");
      }
      line.write(next);
      next = in.read();
    }
    next = next < 0 ? next : in.read();
    var text = line.toString(StandardCharsets.ISO_8859_1);
    lf = !text.endsWith("\r");
    return lf ? text : text.substring(0, text.length() - 1);
  }
}
