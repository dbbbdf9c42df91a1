package io.postern.wire.input;

import io.postern.wire.limits.CommandLimits;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Splits bytes into {@link Frame}s: lines, literals (RFC 3501 §4.3, RFC 7888) and message data (RFC
 * 5321 §4.5.2). Finds the same frames however the bytes were split on their way.
 *
 * <p>The caller pulls frames one by one, because each decides how the next is read: whether a
 * literal follows an announcement is not known before the session has decided.
 */
public final class Framer {
  private static final Frame MORE = new Frame.More();

  /** The shared buffer of all that hold nothing, such as idle connections; never appended to. */
  public static final Buffer NOTHING = Buffer.buffer();

  /** Octets of a skipped line's end that are enough to see the announcement of a literal. */
  private static final int TAIL = 64;

  /** Octets kept of the beginning of a text that is too long: its tag and verb. */
  static final int START = 1024;

  private enum Mode {
    TEXT,
    ANNOUNCED,
    LITERAL,
    DATA,
    SKIPPED_TEXT,
    SKIPPED_LITERAL
  }

  private final Predicate<Buffer> mayBeLong;
  private final InputQueue input = new InputQueue();
  private final DotText dots = new DotText();
  private Mode mode = Mode.TEXT;

  /** The line so far, when it began in an earlier piece; of a skipped line its last octets. */
  private Buffer begun = NOTHING;

  /** Octets of text in the command's earlier lines. */
  private int earlier;

  /** Octets of the literal that are still to come. */
  private long left;

  /** Octets of text that the command may have; 0 as long as its first line is not known. */
  private int limit;

  private boolean refused;

  /** The beginning of a text that is too long. */
  private Buffer start = NOTHING;

  /** Octets of the text of a skipped command, from its beginning. */
  private long skippedText;

  /** Octets of the literals that are skipped with it. */
  private long skippedLiterals;

  /**
   * @param mayBeLong whether the command that begins with these octets has the limit {@link
   *     CommandLimits#longLine}
   */
  public Framer(Predicate<Buffer> mayBeLong) {
    this.mayBeLong = mayBeLong;
  }

  /** Appends received bytes. */
  public void feed(Buffer bytes) {
    input.add(bytes);
  }

  /** Octets that were fed and not yet used. */
  public long buffered() {
    return input.octets();
  }

  /** Octets kept in memory: those not yet used, and the line so far. */
  public long held() {
    return input.octets() + begun.length() + start.length();
  }

  /** Whether part of a line, or of what follows it, has arrived. */
  public boolean amid() {
    return !input.isEmpty() || begun.length() > 0 || mode != Mode.TEXT;
  }

  /** The number of buffers that the unused octets are in. */
  public int pieces() {
    return input.pieces();
  }

  /** Takes what was fed and is not used yet, as it came. */
  public Buffer takeInput() {
    var all = Buffer.buffer().appendBuffer(begun);
    while (!input.isEmpty()) {
      all.appendBuffer(input.take(Integer.MAX_VALUE));
    }
    clear();
    return all;
  }

  /** Discards what was fed, and the position in it. */
  public void clear() {
    input.clear();
    endCommand();
  }

  /**
   * The next frame, or {@link Frame.More}.
   *
   * @param limits of one command
   * @param literals whether a line may end in the announcement of a literal
   */
  public Frame next(CommandLimits limits, boolean literals) {
    return switch (mode) {
      case TEXT -> text(limits, literals);
      case ANNOUNCED -> throw new IllegalStateException("the literal is not decided yet");
      case LITERAL -> part();
      case DATA -> data();
      case SKIPPED_TEXT, SKIPPED_LITERAL -> skipped(limits, literals);
    };
  }

  /** Reads the announced literal next. */
  public void takeLiteral() {
    mode = Mode.LITERAL;
  }

  /** Drops the command: its literal does not come; the next line begins another command. */
  public void dropCommand() {
    endCommand();
  }

  /** Skips the command: the announced literal comes, but it and the rest are discarded. */
  public void skipCommand() {
    refused = true;
    mode = Mode.SKIPPED_LITERAL;
    skippedText = earlier;
    skippedLiterals = left;
  }

  /** Reads message data next, up to the line with a single dot. */
  public void takeData() {
    mode = Mode.DATA;
    dots.begin();
  }

  private Frame text(CommandLimits limits, boolean literals) {
    while (!input.isEmpty()) {
      var piece = input.first();
      int end = input.lineFeed();
      int stop = end < 0 ? piece.length() : end;
      int more = stop - input.from();
      // A CR before the line feed belongs to the line end; a trailing CR may yet do so.
      boolean carriageReturn = more > 0 ? piece.getByte(stop - 1) == '\r' : endsWithReturn(begun);
      long size = (long) earlier + begun.length() + more - (carriageReturn ? 1 : 0);
      if (size > limits.line() && size > limit(limits, piece, stop)) {
        return tooLong(piece, stop, limits, literals);
      }
      if (end < 0) {
        begun = added(begun, piece, input.from(), more);
        input.consume(more);
      } else {
        int from = input.from();
        var line = begun.length() == 0 ? piece.slice(from, end) : added(begun, piece, from, more);
        input.consume(more + 1);
        begun = NOTHING;
        return complete(limits, withoutReturn(line), literals);
      }
    }
    return MORE;
  }

  /** The limit of the command whose first line exceeds the usual one, or of one with literals. */
  private int limit(CommandLimits limits, Buffer piece, int stop) {
    if (limit == 0) {
      limit = limit(limits, beginning(Math.min(START, limits.line()), piece, stop));
    }
    return limit;
  }

  private int limit(CommandLimits limits, Buffer beginning) {
    boolean isLong = limits.longLine() > limits.line() && mayBeLong.test(beginning);
    return isLong ? limits.longLine() : limits.line();
  }

  /** The first octets of the line. */
  private Buffer beginning(int most, Buffer piece, int stop) {
    var first = begun.getBuffer(0, Math.min(most, begun.length()));
    int from = input.from();
    return first.appendBuffer(piece, from, Math.min(most - first.length(), stop - from));
  }

  private Frame complete(CommandLimits limits, Buffer text, boolean literals) {
    var head = literals ? LiteralAnnouncement.parse(text) : Optional.<Frame.Head>empty();
    if (head.isPresent()) {
      if (limit == 0) {
        limit = limit(limits, text.slice(0, Math.min(START, text.length())));
      }
      earlier += text.length();
      left = head.get().size();
      mode = Mode.ANNOUNCED;
      return head.get();
    }
    endCommand();
    return new Frame.Line(text);
  }

  private Frame tooLong(Buffer piece, int stop, CommandLimits limits, boolean literals) {
    refused = false;
    mode = Mode.SKIPPED_TEXT;
    start = beginning(Math.clamp(limit - earlier, 0, START), piece, stop);
    skippedText = (long) earlier + begun.length();
    keepTail();
    return skipped(limits, literals);
  }

  private Frame part() {
    if (left == 0) {
      mode = Mode.TEXT;
      return new Frame.Part(Buffer.buffer(), true);
    }
    if (input.isEmpty()) {
      return MORE;
    }
    var bytes = input.take(left);
    left -= bytes.length();
    if (left == 0) {
      mode = Mode.TEXT;
    }
    return new Frame.Part(bytes, left == 0);
  }

  private Frame data() {
    while (!input.isEmpty()) {
      var bytes = Buffer.buffer();
      int used = dots.read(input.first().getBytes(input.from(), input.first().length()), bytes);
      input.consume(used);
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

  private Frame skipped(CommandLimits limits, boolean literals) {
    while (mode == Mode.SKIPPED_LITERAL ? left == 0 || !input.isEmpty() : !input.isEmpty()) {
      if (mode == Mode.SKIPPED_LITERAL) {
        skipLiteral();
      } else {
        boolean ended = skipLine(literals);
        boolean endless =
            skippedText > limits.skippedText() || skippedLiterals > limits.skippedLiterals();
        if (ended || endless) {
          return endOfSkipped(endless);
        }
      }
    }
    return MORE;
  }

  private Frame endOfSkipped(boolean endless) {
    var beginning = start;
    int most = limit;
    endCommand();
    if (endless) {
      return new Frame.Endless(most, beginning);
    }
    return refused ? new Frame.Skipped() : new Frame.TooLong(most, beginning);
  }

  private void skipLiteral() {
    if (left > 0) {
      left -= input.take(left).length();
    }
    if (left == 0) {
      mode = Mode.SKIPPED_TEXT;
      begun = NOTHING;
    }
  }

  /** Returns whether the command ended here. */
  private boolean skipLine(boolean literals) {
    var piece = input.first();
    int end = input.lineFeed();
    int stop = end < 0 ? piece.length() : end;
    int more = stop - input.from();
    int tail = Math.min(more, TAIL);
    begun = added(begun, piece, stop - tail, tail);
    keepTail();
    skippedText += more;
    input.consume(end < 0 ? more : more + 1);
    if (end < 0) {
      return false;
    }
    var head =
        literals ? LiteralAnnouncement.parse(withoutReturn(begun)) : Optional.<Frame.Head>empty();
    begun = NOTHING;
    // RFC 7888 §3: after {n+} the octets come in any case. After {n} the client waits, and the
    // answer makes it stop.
    if (head.isEmpty() || head.get().synchronizing()) {
      return true;
    }
    left = head.get().size();
    skippedLiterals = Math.min(left, Long.MAX_VALUE - skippedLiterals) + skippedLiterals;
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
    start = NOTHING;
    earlier = 0;
    limit = 0;
    left = 0;
    skippedText = 0;
    skippedLiterals = 0;
  }

  private static boolean endsWithReturn(Buffer line) {
    return line.length() > 0 && line.getByte(line.length() - 1) == '\r';
  }

  private static Buffer withoutReturn(Buffer line) {
    return endsWithReturn(line) ? line.slice(0, line.length() - 1) : line;
  }
}
