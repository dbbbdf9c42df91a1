package io.postern.mime;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Writes IMAP strings (RFC 3501 §4.3). Strings hold octets as chars 0 to 255. */
final class WireText {
  /** A longer string becomes a literal: clients truncate long lines. */
  static final int MAX_QUOTED = 1000;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  WireText raw(String ascii) {
    return bytes(ascii.getBytes(StandardCharsets.ISO_8859_1));
  }

  WireText number(int number) {
    return raw(Integer.toString(number));
  }

  WireText bytes(byte[] bytes) {
    out.write(bytes, 0, bytes.length);
    return this;
  }

  WireText nstring(Optional<String> text) {
    return text.isPresent() ? string(text.get()) : raw("NIL");
  }

  WireText string(String text) {
    boolean escapes = false;
    boolean plain = text.length() <= MAX_QUOTED;
    for (int i = 0; plain && i < text.length(); i++) {
      char c = text.charAt(i);
      plain = (c >= ' ' && c < 0x7F) || c == '\t';
      escapes |= c == '"' || c == '\\';
    }
    if (!plain) {
      return literal(text);
    }
    return raw("\"").raw(escapes ? escaped(text) : text).raw("\"");
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  // RFC 3501 §9: CHAR8 has no NUL; it is shown as OctetFacts does
  private WireText literal(String text) {
    var octets = text.replace('\0', '\u0080');
    return raw("{").number(octets.length()).raw("}\r\n").raw(octets);
  }

  int length() {
    return out.size();
  }

  Buffer buffer() {
    return Buffer.buffer(out.toByteArray());
  }
}
