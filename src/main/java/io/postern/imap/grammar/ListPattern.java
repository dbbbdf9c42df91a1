package io.postern.imap.grammar;

import io.postern.model.MailboxName;
import java.util.HashMap;
import java.util.Map;

/**
 * A pattern of LIST (RFC 3501 §6.3.8): {@code *} stands for any characters, {@code %} for any but
 * the delimiter; INBOX is matched without case. Matching takes time linear in the name, for each 64
 * characters of the pattern, whatever the wildcards.
 */
public final class ListPattern {
  private static final String INBOX = MailboxName.INBOX.value();

  /** The pattern, with runs of wildcards reduced to one. */
  private final String pattern;

  /** For each literal character, the states that it leads on from. */
  private final Map<Character, long[]> literals = new HashMap<>();

  private final long[] stars;
  private final long[] wildcards;
  private final int words;

  /** Number of literal characters: no shorter name matches. */
  private final int least;

  private ListPattern(String pattern) {
    this.pattern = pattern;
    least = (int) pattern.chars().filter(c -> !isWildcard((char) c)).count();
    words = pattern.length() / 64 + 1;
    stars = new long[words];
    wildcards = new long[words];
    boolean canMatch = least <= MailboxName.MAX_LENGTH;
    for (int i = 0; canMatch && i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '*') {
        set(stars, i);
      }
      set(isWildcard(c) ? wildcards : literals.computeIfAbsent(c, _ -> new long[words]), i);
    }
  }

  /**
   * Appends the pattern to the reference unchanged: a reference ends in a delimiter or means the
   * beginning of names.
   *
   * @param reference perhaps empty, in Unicode
   * @param pattern in Unicode
   */
  public static ListPattern of(String reference, String pattern) {
    return new ListPattern(collapsed(reference + pattern));
  }

  private static String collapsed(String pattern) {
    var text = new StringBuilder(pattern.length());
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      int last = text.length() - 1;
      boolean twins = last >= 0 && isWildcard(c) && isWildcard(text.charAt(last));
      if (!twins) {
        text.append(c);
      } else if (c == '*') {
        text.setCharAt(last, '*');
      }
    }
    return text.toString();
  }

  private static boolean isWildcard(char c) {
    return c == '*' || c == '%';
  }

  private static void set(long[] bits, int i) {
    bits[i / 64] |= 1L << i % 64;
  }

  /** Whether the pattern matches the whole name. */
  public boolean matches(MailboxName name) {
    var text = name.value();
    if (text.length() < least) {
      return false;
    }
    boolean inbox = name.isInbox() || text.startsWith(INBOX + MailboxName.DELIMITER);
    var states = new long[words];
    states[0] = 1;
    passWildcards(states);
    for (int i = 0; i < text.length(); i++) {
      step(states, text.charAt(i), inbox && i < INBOX.length());
    }
    int end = pattern.length();
    return (states[end / 64] & 1L << end % 64) != 0;
  }

  /** Passes wildcards, since they also match the empty text. */
  private void passWildcards(long[] states) {
    long carry = 0;
    for (int w = 0; w < words; w++) {
      long passing = states[w] & wildcards[w];
      states[w] |= (passing << 1) | carry;
      carry = passing >>> 63;
    }
  }

  private void step(long[] states, char c, boolean anyCase) {
    var staying = c == MailboxName.DELIMITER ? stars : wildcards;
    var exact = literals.get(c);
    var lower = anyCase ? literals.get(Character.toLowerCase(c)) : null;
    long carry = 0;
    for (int w = 0; w < words; w++) {
      long leading = (exact == null ? 0 : exact[w]) | (lower == null ? 0 : lower[w]);
      long going = states[w] & leading;
      states[w] = (states[w] & staying[w]) | (going << 1) | carry;
      carry = going >>> 63;
    }
    passWildcards(states);
  }
}
