package io.postern.wire.input;

import io.vertx.core.buffer.Buffer;

/** Decodes message data: removes the stuffed dots and finds the end (RFC 5321 §4.5.2). */
final class DotText {
  private enum Place {
    LINE_START,
    IN_LINE,
    CR,
    DOT,
    DOT_CR,
    END
  }

  private Place place = Place.END;

  void begin() {
    place = Place.LINE_START;
  }

  boolean ended() {
    return place == Place.END;
  }

  /** Appends the message's octets to the output; returns how many octets of the input were used. */
  int read(byte[] in, Buffer out) {
    var text = new byte[in.length + 1];
    int size = 0;
    int i = 0;
    while (i < in.length && place != Place.END) {
      byte b = in[i++];
      if (place == Place.DOT_CR && b != '\n') {
        text[size++] = '\r';
        place = Place.CR;
      }
      var next = step(b);
      boolean kept = next != Place.DOT && next != Place.DOT_CR && next != Place.END;
      if (kept) {
        text[size++] = b;
      }
      place = next;
    }
    out.appendBytes(text, 0, size);
    return i;
  }

  // Only CRLF.CRLF ends the data; a bare line feed is text, which prevents SMTP smuggling.
  private Place step(byte b) {
    return switch (place) {
      case LINE_START -> b == '.' ? Place.DOT : inLine(b);
      case IN_LINE -> inLine(b);
      case CR -> b == '\n' ? Place.LINE_START : inLine(b);
      case DOT -> b == '\r' ? Place.DOT_CR : Place.IN_LINE;
      case DOT_CR, END -> Place.END;
    };
  }

  private static Place inLine(byte b) {
    return b == '\r' ? Place.CR : Place.IN_LINE;
  }
}
