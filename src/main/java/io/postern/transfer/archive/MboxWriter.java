package io.postern.transfer.archive;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes an mbox of the variant <i>mboxrd</i>: lines that begin with {@code From} after any number
 * of {@code >} get one {@code >} more. Lines end with LF, as those of other programs do; a message
 * in which not every line ends with CRLF is written as it is.
 */
public final class MboxWriter implements MessageWriter {
  private final OutputStream out;

  public MboxWriter(OutputStream out) {
    this.out = new BufferedOutputStream(out, 1 << 16);
  }

  @Override
  public void write(long uid, ArchivedMessage message) throws IOException {
    boolean convert = message.octets().hasCrlfOnly();
    line(MboxLines.separator(message.date()));
    line(
        MboxLines.OCTETS
            + message.octets().size()
            + " "
            + (convert ? MboxLines.CRLF : MboxLines.AS_IS));
    line(MboxLines.DATE + message.date());
    for (var field : MboxLines.fields(message.flags())) {
      line(field);
    }
    try (var in = new BufferedInputStream(message.octets().open(), 1 << 16)) {
      body(in, convert);
    }
    line("");
  }

  private void line(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.write('\n');
  }

  private void body(InputStream in, boolean convert) throws IOException {
    int c = in.read();
    boolean ended = true;
    while (c >= 0) {
      int quotes = 0;
      for (; c == '>'; c = in.read()) {
        quotes++;
      }
      int matched = 0;
      for (; matched < MboxLines.FROM.length && c == MboxLines.FROM[matched]; c = in.read()) {
        matched++;
      }
      boolean quoted = matched == MboxLines.FROM.length;
      for (int i = 0; i < quotes + (quoted ? 1 : 0); i++) {
        out.write('>');
      }
      out.write(MboxLines.FROM, 0, matched);
      ended = false;
      c = rest(in, c, convert);
      if (c == '\n') {
        ended = true;
        c = in.read();
      }
    }
    if (!ended) {
      out.write('\n');
    }
  }

  /** Writes the rest of a line with its end; returns the line feed, or -1 at the end. */
  private int rest(InputStream in, int first, boolean convert) throws IOException {
    int c = first;
    while (c >= 0 && c != '\n') {
      int next = in.read();
      if (!(convert && c == '\r' && next == '\n')) {
        out.write(c);
      }
      c = next;
    }
    if (c == '\n') {
      out.write('\n');
    }
    return c;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
