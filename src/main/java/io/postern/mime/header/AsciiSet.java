package io.postern.mime.header;

/**
 * A set of ASCII chars.
 *
 * @param low a bit for each char from 0 to 63
 * @param high a bit for each char from 64 to 127
 */
public record AsciiSet(long low, long high) {
  /**
   * The set of these chars.
   *
   * @throws IllegalArgumentException if one of them is above 127
   */
  public static AsciiSet of(String chars) {
    long low = 0;
    long high = 0;
    for (int i = 0; i < chars.length(); i++) {
      char c = chars.charAt(i);
      if (c > 127) {
        throw new IllegalArgumentException("not ASCII: " + chars);
      }
      low |= c < 64 ? 1L << c : 0;
      high |= c < 64 ? 0 : 1L << c;
    }
    return new AsciiSet(low, high);
  }

  /** Whether the char is in the set. */
  public boolean contains(char c) {
    return c < 128 && ((c < 64 ? low : high) >>> c & 1) != 0;
  }
}
