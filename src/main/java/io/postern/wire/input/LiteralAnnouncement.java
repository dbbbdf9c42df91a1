package io.postern.wire.input;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * Parses the announcement of a literal at the end of a line: {@code {n}} (RFC 3501 §4.3), {@code
 * {n+}} (RFC 7888 §8), {@code ~{n}} (RFC 3516 §4.4).
 */
final class LiteralAnnouncement {
  private LiteralAnnouncement() {}

  /** The literal that the line announces at its end; empty when it announces none. */
  static Optional<Frame.Head> parse(Buffer line) {
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
}
