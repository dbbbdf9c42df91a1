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
    matcher.accept(text.toCharArray(), 0, text.length());
    return matcher.found();
  }

  boolean found() {
    return matched == wanted.length;
  }

  void accept(CharBuffer chars) {
    accept(chars.array(), chars.arrayOffset() + chars.position(), chars.remaining());
    chars.position(chars.limit());
  }

  private void accept(char[] chars, int from, int length) {
    int to = from + length;
    int at = from;
    while (at < to && !found()) {
      if (matched == 0 && highSurrogate == 0) {
        at = next(chars, at, to);
      }
      if (at < to) {
        accept(chars[at++]);
      }
    }
  }

  /** Where the next char stands that may begin the text: most of a message's chars end here. */
  private int next(char[] chars, int from, int to) {
    int lower = wanted[0];
    int upper = lower >= 'a' && lower <= 'z' ? lower - 32 : lower;
    int at = from;
    // Beyond ASCII are letters whose other case is within it.
    while (at < to && chars[at] < 0x80 && chars[at] != lower && chars[at] != upper) {
      at++;
    }
    return at;
  }

  private void accept(char c) {
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
