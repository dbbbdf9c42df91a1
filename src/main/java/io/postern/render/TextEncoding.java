package io.postern.render;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Encodes text for the body of a part (RFC 2045 §6). Lines end with CRLF, none has more than 76
 * characters, and none can be taken for a delimiter.
 */
final class TextEncoding {
  /** RFC 2045 §6.7 rule 5, §6.8. */
  private static final int LINE = 76;

  private static final String HEXADECIMAL = "0123456789ABCDEF";
  private static final byte[] CRLF = {'\r', '\n'};

  private TextEncoding() {}

  /**
   * The fields that describe encoded text.
   *
   * @param encoding {@code quoted-printable} or {@code base64}
   */
  record Encoded(String encoding, String octets) {}

  /** Encodes text in UTF-8; each line feed of it is a line end. */
  static Encoded of(String text) {
    var octets = text.getBytes(StandardCharsets.UTF_8);
    int high = 0;
    for (byte octet : octets) {
      high += octet < 0 ? 1 : 0;
    }
    // Where most letters are not ASCII, base64 is the shorter one.
    return high > octets.length / 3
        ? new Encoded("base64", base64(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)))
        : new Encoded("quoted-printable", quotedPrintable(octets));
  }

  /** Encodes octets in base64 (RFC 2045 §6.8). */
  static String base64(byte[] octets) {
    return octets.length == 0
        ? ""
        : Base64.getMimeEncoder(LINE, CRLF).encodeToString(octets) + "\r\n";
  }

  /** RFC 2045 §6.7. */
  private static String quotedPrintable(byte[] octets) {
    var out = new StringBuilder(octets.length + octets.length / 8);
    int column = 0;
    for (int at = 0; at < octets.length; at++) {
      byte octet = octets[at];
      if (octet == '\n') {
        out.append("\r\n");
        column = 0;
        continue;
      }
      boolean literal = isLiteral(octet, column, at + 1 == octets.length || octets[at + 1] == '\n');
      int width = literal ? 1 : 3;
      if (column + width >= LINE) {
        out.append("=\r\n");
        column = 0;
        literal = literal && octet != '-';
        width = literal ? 1 : 3;
      }
      if (literal) {
        out.append((char) octet);
      } else {
        out.append('=').append(HEXADECIMAL.charAt((octet >> 4) & 15));
        out.append(HEXADECIMAL.charAt(octet & 15));
      }
      column += width;
    }
    if (column > 0) {
      out.append("\r\n");
    }
    return out.toString();
  }

  /** Spaces at the end of a line would be lost, and a hyphen at its start could delimit a part. */
  private static boolean isLiteral(byte octet, int column, boolean lastOfLine) {
    if (octet == ' ' || octet == '\t') {
      return !lastOfLine;
    }
    boolean misread = column == 0 && (octet == '-' || octet == '.' || octet == 'F');
    return octet > ' ' && octet <= '~' && octet != '=' && !misread;
  }
}
