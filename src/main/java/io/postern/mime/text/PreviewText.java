package io.postern.mime.text;

import io.postern.mime.PartTree;
import io.postern.mime.decoding.CharsetDecoding;
import io.postern.mime.decoding.Charsets;
import io.postern.mime.decoding.TransferDecoder;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The beginning of a message's text in one line, as lists of messages show it (RFC 8970 §3.3): of
 * its first plain text, or else of its first HTML, without lines that quote another message.
 */
public final class PreviewText {
  /** Longest preview, in code points. */
  public static final int MAX_CHARACTERS = 200;

  /** Encoded octets of a part that are read for a preview. */
  public static final int MAX_OCTETS = 16 * 1024;

  private PreviewText() {}

  /** The part that a message's preview is made of; empty when it has no text. */
  public static Optional<PartTree> part(PartTree message) {
    return first(message, "plain").or(() -> first(message, "html"));
  }

  private static Optional<PartTree> first(PartTree part, String subtype) {
    Predicate<PartTree> isText =
        it ->
            it.type().equals("text")
                && it.subtype().equals(subtype)
                && it.end() > it.bodyStart()
                && TransferDecoder.isKnown(it.encoding());
    return isText.test(part)
        ? Optional.of(part)
        : part.children().stream().flatMap(it -> first(it, subtype).stream()).findFirst();
  }

  /**
   * The preview, at most {@link #MAX_CHARACTERS} code points; perhaps empty.
   *
   * @param part as {@link #part} has it
   * @param octets the first of its body, encoded as they are
   */
  public static String of(PartTree part, Buffer octets) {
    var transfer = TransferDecoder.of(part.encoding());
    var decoded = transfer.feed(octets).appendBuffer(transfer.finish());
    var text = CharsetDecoding.text(decoded.getBytes(), Charsets.ofPart(part.charset()));
    return part.subtype().equals("html") ? line(HtmlText.of(text)) : line(unquoted(text));
  }

  /** The lines that quote nothing, unless all do. */
  private static String unquoted(String text) {
    var own = new StringBuilder(text.length());
    text.lines().filter(line -> !line.startsWith(">")).forEach(it -> own.append(it).append('\n'));
    return own.toString().isBlank() ? text : own.toString();
  }

  /** The text in one line: each run of spaces, line ends and control characters is one space. */
  private static String line(String text) {
    var line = new StringBuilder();
    int characters = 0;
    boolean gap = false;
    for (int at = 0; at < text.length() && characters < MAX_CHARACTERS; ) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      if (isGap(c)) {
        gap = !line.isEmpty();
      } else {
        if (gap && ++characters < MAX_CHARACTERS) {
          line.append(' ');
        }
        gap = false;
        if (characters < MAX_CHARACTERS) {
          line.appendCodePoint(isLone(c) ? 0xFFFD : c);
          characters++;
        }
      }
    }
    return line.toString().stripTrailing();
  }

  private static boolean isGap(int c) {
    return Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || Character.isISOControl(c)
        || Character.getType(c) == Character.FORMAT;
  }

  private static boolean isLone(int c) {
    return Character.getType(c) == Character.SURROGATE;
  }
}
