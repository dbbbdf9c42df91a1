package io.postern.mime.text;

import java.nio.ByteBuffer;

/**
 * Converts texts to the code points that SEARCH compares, by {@link UnicodeCasemap}; a high
 * surrogate without a low one is left out. Encodes them as UTF-8, a low surrogate of its own
 * included.
 */
public final class FoldedText implements TextScan {
  private static final int ASCII = 128;

  /** Receives the code points of texts. */
  public interface Sink {
    /** Begins another text. */
    void begin();

    /** Receives the next code point, folded. */
    void accept(int codePoint);
  }

  private final Sink sink;
  private char highSurrogate;

  public FoldedText(Sink sink) {
    this.sink = sink;
  }

  @Override
  public void begin() {
    highSurrogate = 0;
    sink.begin();
  }

  @Override
  public void accept(char[] chars, int from, int to) {
    for (int at = from; at < to; at++) {
      char c = chars[at];
      if (c < ASCII) {
        highSurrogate = 0;
        sink.accept(UnicodeCasemap.ofAscii(c));
      } else {
        wide(c);
      }
    }
  }

  private void wide(char c) {
    char high = highSurrogate;
    highSurrogate = 0;
    if (Character.isHighSurrogate(c)) {
      highSurrogate = c;
    } else if (high != 0 && Character.isLowSurrogate(c)) {
      fold(Character.toCodePoint(high, c));
    } else {
      fold(c);
    }
  }

  private void fold(int codePoint) {
    int one = UnicodeCasemap.of(codePoint);
    if (one != UnicodeCasemap.SEVERAL) {
      sink.accept(one);
    } else {
      for (int part : UnicodeCasemap.several(codePoint)) {
        sink.accept(part);
      }
    }
  }

  /** Appends the encoding of a code point, at most four octets. */
  public static void encode(int codePoint, ByteBuffer to) {
    if (codePoint < ASCII) {
      to.put((byte) codePoint);
      return;
    }
    int length = codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    int lead = (0xF00 >> length) & 0xFF;
    to.put((byte) (lead | (codePoint >> (6 * (length - 1)))));
    for (int rest = length - 2; rest >= 0; rest--) {
      to.put((byte) (0x80 | ((codePoint >> (6 * rest)) & 0x3F)));
    }
  }

  /** How many octets a code point above ASCII has, by its first octet. */
  public static int length(byte first) {
    return Integer.numberOfLeadingZeros(~(first << 24));
  }

  /** Decodes a code point above ASCII. */
  public static int decode(byte[] octets, int at) {
    int length = length(octets[at]);
    int codePoint = octets[at] & (0x7F >> length);
    for (int next = 1; next < length; next++) {
      codePoint = (codePoint << 6) | (octets[at + next] & 0x3F);
    }
    return codePoint;
  }
}
