package io.postern.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * Cuts bytes into {@link Frame}s: lines, literals (RFC 3501 §4.3, RFC 7888) and message data (RFC
 * 5321 §4.5.2). Finds the same frames however the bytes were cut on their way.
 *
 * <p>Frames are pulled one by one, so that each is read in the sense that the one before it gave:
 * whether a literal comes after an announcement is not known before it is decided.
 */
final class Framer {
  private static final Frame MORE = new Frame.More();

  /** Shared by all that have nothing to keep, as idle connections do; never added to. */
  static final Buffer NOTHING = Buffer.buffer();

  /** Enough of a skipped line's end to see the announcement of a literal. */
  private static final int TAIL = 64;

  private enum Mode {
    TEXT,
    ANNOUNCED,
    LITERAL,
    DATA,
    SKIPPED_TEXT,
    SKIPPED_LITERAL
  }

  private final ArrayDeque<Buffer> pieces = new ArrayDeque<>();
  private final DotText dots = new DotText();
  private Mode mode = Mode.TEXT;

  /** How much of the first piece is used up. */
  private int at;

  private long buffered;

  /** The line so far, when it began in an earlier piece; of a skipped line its last octets. */
  private Buffer begun = NOTHING;

  /** Octets of text in the command's earlier lines. */
  private int earlier;

  /** Octets of the literal to come. */
  private long left;

  private boolean refused;

  /** Adds what came. */
  void feed(Buffer bytes) {
    if (bytes.length() > 0) {
      pieces.add(bytes);
      buffered += bytes.length();
    }
  }

  /** Octets that were fed and not yet used. */
  long buffered() {
    return buffered;
  }

  /** Whether a part of a line, or of what follows it, has come. */
  boolean amid() {
    return buffered > 0 || begun.length() > 0 || mode != Mode.TEXT;
  }

  /** In how many pieces they lie. */
  int pieces() {
    return pieces.size();
  }

  /** Forgets what was fed, and where it was. */
  void clear() {
    pieces.clear();
    at = 0;
    buffered = 0;
    endCommand();
  }

  /**
   * The next frame, or {@link Frame.More}.
   *
   * @param limit octets that the text of one command may have, line ends not counted
   * @param literals whether a line may end in the announcement of a literal
   */
  Frame next(int limit, boolean literals) {
    return switch (mode) {
      case TEXT -> text(limit, literals);
      case ANNOUNCED -> throw new IllegalStateException("the literal is not decided yet");
      case LITERAL -> part();
      case DATA -> data();
      case SKIPPED_TEXT, SKIPPED_LITERAL -> skipped(literals);
    };
  }

  /** The announced literal comes. */
  void takeLiteral() {
    mode = Mode.LITERAL;
  }

  /** The announced literal does not come; the next line begins another command. */
  void dropCommand() {
    endCommand();
  }

  /** The announced literal comes, but it and the rest of the command are of no use. */
  void skipCommand() {
    refused = true;
    mode = Mode.SKIPPED_LITERAL;
  }

  /** Message data comes, up to the line with a single dot. */
  void takeData() {
    mode = Mode.DATA;
    dots.begin();
  }

  private Frame text(int limit, boolean literals) {
    while (!pieces.isEmpty()) {
      var piece = pieces.getFirst();
      int end = lineFeed(piece, at);
      int stop = end < 0 ? piece.length() : end;
      int more = stop - at;
      // A CR in front of the line feed belongs to the line end; without one it may yet do so.
      boolean carriageReturn = more > 0 ? piece.getByte(stop - 1) == '\r' : endsWithReturn(begun);
      long size = (long) earlier + begun.length() + more - (carriageReturn ? 1 : 0);
      if (size > limit) {
        return tooLong(literals);
      }
      if (end < 0) {
        begun = added(begun, piece, at, more);
        consume(more);
      } else {
        var line = begun.length() == 0 ? piece.slice(at, end) : added(begun, piece, at, more);
        consume(more + 1);
        begun = NOTHING;
        return complete(withoutReturn(line), literals);
      }
    }
    return MORE;
  }

  private Frame complete(Buffer text, boolean literals) {
    var head = literals ? announcement(text) : Optional.<Frame.Head>empty();
    if (head.isPresent()) {
      earlier += text.length();
      left = head.get().size();
      mode = Mode.ANNOUNCED;
      return head.get();
    }
    endCommand();
    return new Frame.Line(text);
  }

  private Frame tooLong(boolean literals) {
    refused = false;
    mode = Mode.SKIPPED_TEXT;
    keepTail();
    return skipped(literals);
  }

  private Frame part() {
    if (left == 0) {
      mode = Mode.TEXT;
      return new Frame.Part(Buffer.buffer(), true);
    }
    if (pieces.isEmpty()) {
      return MORE;
    }
    var piece = pieces.getFirst();
    int size = (int) Math.min(left, piece.length() - at);
    var bytes = piece.slice(at, at + size);
    consume(size);
    left -= size;
    if (left == 0) {
      mode = Mode.TEXT;
    }
    return new Frame.Part(bytes, left == 0);
  }

  private Frame data() {
    while (!pieces.isEmpty()) {
      var piece = pieces.getFirst();
      var bytes = Buffer.buffer();
      int used = dots.read(piece.getBytes(at, piece.length()), bytes);
      consume(used);
      if (dots.ended()) {
        endCommand();
        return new Frame.Part(bytes, true);
      }
      if (bytes.length() > 0) {
        return new Frame.Part(bytes, false);
      }
    }
    return MORE;
  }

  private Frame skipped(boolean literals) {
    while (mode == Mode.SKIPPED_LITERAL ? left == 0 || !pieces.isEmpty() : !pieces.isEmpty()) {
      if (mode == Mode.SKIPPED_LITERAL) {
        skipLiteral();
      } else if (skipLine(literals)) {
        Frame end = refused ? new Frame.Skipped() : new Frame.TooLong();
        endCommand();
        return end;
      }
    }
    return MORE;
  }

  private void skipLiteral() {
    if (left > 0) {
      int size = (int) Math.min(left, pieces.getFirst().length() - at);
      consume(size);
      left -= size;
    }
    if (left == 0) {
      mode = Mode.SKIPPED_TEXT;
      begun = NOTHING;
    }
  }

  /** Whether the command ended here. */
  private boolean skipLine(boolean literals) {
    var piece = pieces.getFirst();
    int end = lineFeed(piece, at);
    int stop = end < 0 ? piece.length() : end;
    int from = Math.max(at, stop - TAIL);
    begun = added(begun, piece, from, stop - from);
    keepTail();
    consume((end < 0 ? stop : end + 1) - at);
    if (end < 0) {
      return false;
    }
    var head = literals ? announcement(withoutReturn(begun)) : Optional.<Frame.Head>empty();
    begun = NOTHING;
    // RFC 7888 §3: after {n+} the octets come in any case. After {n} the client waits, and the
    // answer tells it not to go on.
    if (head.isEmpty() || head.get().synchronizing()) {
      return true;
    }
    left = head.get().size();
    mode = Mode.SKIPPED_LITERAL;
    return false;
  }

  private static Buffer added(Buffer begun, Buffer piece, int from, int octets) {
    var whole = begun.length() == 0 ? Buffer.buffer() : begun;
    return whole.appendBuffer(piece, from, octets);
  }

  private void keepTail() {
    if (begun.length() > TAIL) {
      begun = begun.getBuffer(begun.length() - TAIL, begun.length());
    }
  }

  private void endCommand() {
    mode = Mode.TEXT;
    begun = NOTHING;
    earlier = 0;
    left = 0;
  }

  private void consume(int octets) {
    at += octets;
    buffered -= octets;
    if (at == pieces.getFirst().length()) {
      pieces.removeFirst();
      at = 0;
    }
  }

  private static int lineFeed(Buffer piece, int from) {
    int length = piece.length();
    for (int i = from; i < length; i++) {
      if (piece.getByte(i) == '\n') {
        return i;
      }
    }
    return -1;
  }

  private static boolean endsWithReturn(Buffer line) {
    return line.length() > 0 && line.getByte(line.length() - 1) == '\r';
  }

  private static Buffer withoutReturn(Buffer line) {
    return endsWithReturn(line) ? line.slice(0, line.length() - 1) : line;
  }

  // RFC 3501 §4.3, RFC 7888 §8, RFC 3516 §4.4
  private static Optional<Frame.Head> announcement(Buffer line) {
    int i = line.length() - 1;
    if (i < 2 || line.getByte(i) != '}') {
      return Optional.empty();
    }
    boolean synchronizing = line.getByte(i - 1) != '+';
    int end = synchronizing ? i : i - 1;
    i = end - 1;
    while (i >= 0 && line.getByte(i) >= '0' && line.getByte(i) <= '9') {
      i--;
    }
    if (i < 0 || i == end - 1 || line.getByte(i) != '{') {
      return Optional.empty();
    }
    boolean binary = i > 0 && line.getByte(i - 1) == '~';
    var text = line.slice(0, binary ? i - 1 : i);
    return Optional.of(new Frame.Head(text, number(line, i + 1, end), synchronizing, binary));
  }

  private static long number(Buffer line, int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      int digit = line.getByte(i) - '0';
      if (value > (Long.MAX_VALUE - digit) / 10) {
        return Long.MAX_VALUE;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /** Message data: takes the stuffed dots out and finds the end. // RFC 5321 §4.5.2 */
  private static final class DotText {
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

    /** Puts the message's octets out and says how many octets were read. */
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

    // Only CRLF.CRLF ends; a line feed alone is text, so that nothing can be smuggled behind it.
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
}
