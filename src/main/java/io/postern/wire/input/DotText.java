package io.postern.wire.input;

import io.vertx.core.buffer.Buffer;

/** Decodes message data: removes the stuffed dots and finds the end (RFC 5321 §4.5.2). */
final class DotText {
  private enum State {
    LINE_START,
    IN_LINE,
    CR,
    DOT,
    DOT_CR,
    END
  }

  private State state = State.END;

  void begin() {
    state = State.LINE_START;
  }

  boolean ended() {
    return state == State.END;
  }

  /** Appends the message's octets to the output; returns how many octets of the input were used. */
  int read(byte[] in, Buffer out) {
    var text = new byte[in.length + 1];
    int size = 0;
    int i = 0;
    while (i < in.length && state != State.END) {
      byte b = in[i++];
      if (state == State.DOT_CR && b != '\n') {
        text[size++] = '\r';
        state = State.CR;
      }
      var next = step(b);
      boolean kept = next != State.DOT && next != State.DOT_CR && next != State.END;
      if (kept) {
        text[size++] = b;
      }
      state = next;
    }
    out.appendBytes(text, 0, size);
    return i;
  }

  // Only CRLF.CRLF ends the data; a bare line feed is text, which prevents SMTP smuggling.
  private State step(byte b) {
    return switch (state) {
      case LINE_START -> b == '.' ? State.DOT : inLine(b);
      case IN_LINE -> inLine(b);
      case CR -> b == '\n' ? State.LINE_START : inLine(b);
      case DOT -> b == '\r' ? State.DOT_CR : State.IN_LINE;
      case DOT_CR, END -> State.END;
    };
  }

  private static State inLine(byte b) {
    return b == '\r' ? State.CR : State.IN_LINE;
  }
}
