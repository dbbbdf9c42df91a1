package io.postern.model;

import java.util.Optional;

/**
 * What a user may do with a mailbox (RFC 4314 §2.1).
 *
 * @param bits one for each letter of {@link #LETTERS}, the first letter's being 1
 */
public record Rights(int bits) {
  /**
   * Lookup, read, seen, write, insert, post, create, delete, delete messages, expunge, administer.
   */
  public static final String LETTERS = "lrswipkxtea";

  /** No right. */
  public static final Rights NONE = new Rights(0);

  /** The owner's. */
  public static final Rights ALL = new Rights((1 << LETTERS.length()) - 1);

  /** RFC 4314 §2.1.1: rights of RFC 2086, and what they stand for. */
  private static final String CREATE = "kx";

  private static final String DELETE = "te";

  public Rights {
    if (bits < 0 || bits >> LETTERS.length() != 0) {
      throw new IllegalArgumentException("there are no rights " + bits);
    }
  }

  /** The rights of these letters, those of RFC 2086 among them; empty if one is none. */
  public static Optional<Rights> parse(String letters) {
    int bits = 0;
    for (char letter : letters.replace("c", CREATE).replace("d", DELETE).toCharArray()) {
      int at = LETTERS.indexOf(letter);
      if (at < 0) {
        return Optional.empty();
      }
      bits |= 1 << at;
    }
    return Optional.of(new Rights(bits));
  }

  /** The rights of these letters. */
  public static Rights of(String letters) {
    return parse(letters).orElseThrow(() -> new IllegalArgumentException(letters));
  }

  /** Whether it has all of these. */
  public boolean has(Rights others) {
    return (bits & others.bits) == others.bits;
  }

  /** Whether it has one of these. */
  public boolean hasAny(Rights others) {
    return (bits & others.bits) != 0;
  }

  /** These and others. */
  public Rights with(Rights others) {
    return new Rights(bits | others.bits);
  }

  /** These without others. */
  public Rights without(Rights others) {
    return new Rights(bits & ~others.bits);
  }

  /** The letters, with those of RFC 2086 of which there is a part (RFC 4314 §2.1.1). */
  public String text() {
    var text = new StringBuilder();
    for (int i = 0; i < LETTERS.length(); i++) {
      if ((bits & 1 << i) != 0) {
        text.append(LETTERS.charAt(i));
      }
    }
    if (hasAny(of(CREATE))) {
      text.append('c');
    }
    if (hasAny(of(DELETE))) {
      text.append('d');
    }
    return text.toString();
  }
}
