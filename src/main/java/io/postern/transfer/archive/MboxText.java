package io.postern.transfer.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The lines of one message of an mbox on their way to its {@link Spool}. An empty line is held back
 * until another line follows: the last one belongs to the separator (RFC 4155).
 */
final class MboxText {
  /** What becomes of the ends of lines. */
  enum LineEnds {
    /** They stay. */
    AS_IS,
    /** LF becomes CRLF; CR before it stays a CR of the line. */
    LF_TO_CRLF,
    /** LF and CRLF become CRLF. */
    TO_CRLF
  }

  private final Spool spool;
  private final LineEnds ends;
  private final byte[] buffer = new byte[1 << 13];
  private int used;
  private long left;
  private boolean empty = true;
  private boolean held;
  private boolean heldCr;
  private boolean cr;

  /**
   * @param most octets of the message; what follows is left out
   */
  MboxText(Spool spool, long most, LineEnds ends) {
    this.spool = spool;
    this.left = most;
    this.ends = ends;
  }

  /** Whether the last line is empty. */
  boolean endsWithEmptyLine() {
    return held;
  }

  /** A whole line of a header. */
  void line(String text) throws IOException {
    for (byte octet : text.getBytes(StandardCharsets.ISO_8859_1)) {
      emit(octet);
    }
    emit('\r');
    emit('\n');
  }

  /**
   * Begins a line.
   *
   * @param quotes how many {@code >} it begins with
   * @param from how many octets of the word {@code From} with its space follow
   */
  void begin(int quotes, int from) throws IOException {
    for (int i = 0; i < quotes; i++) {
      octet('>');
    }
    for (int i = 0; i < from; i++) {
      octet(MboxLines.FROM[i]);
    }
  }

  /** The next octet of the line, not a line feed. */
  void octet(int octet) throws IOException {
    if (cr) {
      content('\r');
    }
    cr = octet == '\r';
    if (!cr) {
      content(octet);
    }
  }

  private void content(int octet) throws IOException {
    release();
    empty = false;
    emit(octet);
  }

  /** Ends the line with a line feed. */
  void end() throws IOException {
    if (empty) {
      release();
      held = true;
      heldCr = cr;
    } else {
      lineEnd(cr);
    }
    cr = false;
    empty = true;
  }

  private void release() throws IOException {
    if (held) {
      held = false;
      lineEnd(heldCr);
    }
  }

  private void lineEnd(boolean afterCr) throws IOException {
    boolean keepsCr = afterCr && ends != LineEnds.TO_CRLF;
    if (keepsCr) {
      emit('\r');
    }
    if (ends != LineEnds.AS_IS) {
      emit('\r');
    }
    emit('\n');
  }

  /** Ends the message; an empty line at its end is left out. */
  void finish() throws IOException {
    if (cr) {
      content('\r');
      cr = false;
    }
    flush();
  }

  private void emit(int octet) throws IOException {
    if (left == 0) {
      return;
    }
    left--;
    if (used == buffer.length) {
      flush();
    }
    buffer[used++] = (byte) octet;
  }

  private void flush() throws IOException {
    spool.write(buffer, 0, used);
    used = 0;
  }
}
