package io.postern.mime.text;

import java.nio.CharBuffer;

/**
 * Looks for a text in chars that come in any cuts, whatever the case of either (Knuth, Morris and
 * Pratt: no char is looked at twice).
 */
final class TextMatcher {
  private final int[] wanted;
  private final int[] borders;
  private int matched;
  private int highSurrogate;

  /** An empty text is found at once. */
  TextMatcher(String text) {
    this.wanted = text.codePoints().map(TextMatcher::folded).toArray();
    this.borders = borders(wanted);
  }

  /** Whether one text holds another, whatever their case. */
  static boolean contains(String text, String wanted) {
    var matcher = new TextMatcher(wanted);
    matcher.accept(CharBuffer.wrap(text));
    return matcher.found();
  }

  boolean found() {
    return matched == wanted.length;
  }

  void accept(CharBuffer chars) {
    while (chars.hasRemaining() && !found()) {
      char c = chars.get();
      if (Character.isHighSurrogate(c)) {
        highSurrogate = c;
      } else if (highSurrogate != 0 && Character.isLowSurrogate(c)) {
        match(folded(Character.toCodePoint((char) highSurrogate, c)));
        highSurrogate = 0;
      } else {
        highSurrogate = 0;
        match(folded(c));
      }
    }
    chars.position(chars.limit());
  }

  private void match(int codePoint) {
    while (matched > 0 && wanted[matched] != codePoint) {
      matched = borders[matched - 1];
    }
    if (wanted[matched] == codePoint) {
      matched++;
    }
  }

  private static int folded(int codePoint) {
    if (codePoint < 0x80) {
      return codePoint >= 'A' && codePoint <= 'Z' ? codePoint + 32 : codePoint;
    }
    return Character.toLowerCase(Character.toUpperCase(codePoint));
  }

  private static int[] borders(int[] wanted) {
    var borders = new int[wanted.length];
    int border = 0;
    for (int i = 1; i < wanted.length; i++) {
      while (border > 0 && wanted[border] != wanted[i]) {
        border = borders[border - 1];
      }
      if (wanted[border] == wanted[i]) {
        border++;
      }
      borders[i] = border;
    }
    return borders;
  }
}
