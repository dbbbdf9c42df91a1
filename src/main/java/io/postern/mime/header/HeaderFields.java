package io.postern.mime.header;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A cursor over the fields of a stored header (RFC 5322 §2.2). It begins before the first field;
 * {@link #next} moves it. Skips lines that are no field.
 */
public final class HeaderFields {
  private final byte[] header;
  private int start;
  private int colon;
  private int end;

  /**
   * A cursor before a header's first field.
   *
   * @param header as stored, with or without its empty line; copied
   */
  public HeaderFields(Buffer header) {
    this.header = header.getBytes();
  }

  /** Moves to the next field; returns false when there is none. */
  public boolean next() {
    while (end < header.length) {
      start = end;
      end = fieldEnd(start);
      colon = colon();
      if (colon > start) {
        return true;
      }
    }
    return false;
  }

  /** Offset of the field's first octet in the header. */
  public int start() {
    return start;
  }

  /** Offset behind the field's last octet, its folded lines and line end included. */
  public int end() {
    return end;
  }

  /** Whether the field has this name, compared without case. */
  public boolean is(String name) {
    return name().equalsIgnoreCase(name);
  }

  /** The field's name with its original spelling. */
  public String name() {
    return text(start, colon).stripTrailing();
  }

  /** The field's name in lower case. */
  public String lowerCaseName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The field's value, unfolded, no white space around it; octets as chars 0 to 255. */
  public String value() {
    return unfolded(text(colon + 1, end));
  }

  /** A raw value without its line ends (RFC 5322 §2.2.3), and without white space around it. */
  public static String unfolded(String raw) {
    return HeaderScan.unfolded(raw);
  }

  private String text(int from, int to) {
    return new String(header, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private int fieldEnd(int from) {
    int at = lineEnd(from);
    while (at < header.length && (header[at] == ' ' || header[at] == '\t')) { // RFC 5322 §2.2.3
      at = lineEnd(at);
    }
    return at;
  }

  private int lineEnd(int from) {
    int at = from;
    while (at < header.length && header[at] != '\n') {
      at++;
    }
    return Math.min(header.length, at + 1);
  }

  /** Where the name ends, or -1 if the line is no field. */
  private int colon() {
    for (int at = start; at < end && header[at] != '\n'; at++) {
      if (header[at] == ':') {
        return at;
      }
    }
    return -1;
  }
}
