package io.postern.imap.grammar;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The character classes of the grammar (RFC 3501 §9). */
public final class Octets {
  private static final String SPECIALS = "(){%*\"\\]";

  /** For each ASCII character, one bit for each class that it belongs to. */
  private static final byte[] CLASSES = new byte[128];

  private static final int ATOM = 1;
  private static final int WORD = 2;

  static {
    for (char c = 0x21; c < 0x7F; c++) {
      int classes = 0;
      if (SPECIALS.indexOf(c) < 0) {
        classes |= ATOM;
      }
      if (isDigit(c) || isLetter(c) || c == '.' || c == '-' || c == '_') {
        classes |= WORD;
      }
      CLASSES[c] = (byte) classes;
    }
  }

  private Octets() {}

  /** ATOM-CHAR. */
  static boolean isAtom(int c) {
    return c >= 0 && c < 128 && (CLASSES[c] & ATOM) != 0;
  }

  /**
   * ASTRING-CHAR, and octets above 127, which clients send in names they don't encode (RFC 9051
   * allows them in quoted strings only).
   */
  static boolean isAstring(int c) {
    return isAtom(c) || c == ']' || c > 127;
  }

  /** list-char, and octets above 127 as in astrings. */
  static boolean isListChar(int c) {
    return isAstring(c) || c == '*' || c == '%';
  }

  /** The characters of tags. */
  static boolean isTag(int c) {
    return (isAtom(c) || c == ']') && c != '+';
  }

  /** The characters of names of commands and data items. */
  static boolean isWord(int c) {
    return c >= 0 && c < 128 && (CLASSES[c] & WORD) != 0;
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  static boolean isLetter(int c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  static int upper(int c) {
    return c >= 'a' && c <= 'z' ? c - 32 : c;
  }

  /** Whether the whole text is an atom and not the word NIL. */
  public static boolean isAtom(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isAtom(text.charAt(i))) {
        return false;
      }
    }
    return !text.isEmpty() && !text.equalsIgnoreCase("NIL");
  }

  static boolean isAscii(byte[] octets) {
    for (byte octet : octets) {
      if (octet < 0) {
        return false;
      }
    }
    return true;
  }

  /** Decodes the octets; empty when they are invalid in this charset. */
  static Optional<String> decode(byte[] octets, Charset charset) {
    if (charset.equals(StandardCharsets.UTF_8) && isAscii(octets)) {
      return Optional.of(new String(octets, StandardCharsets.ISO_8859_1));
    }
    try {
      return Optional.of(
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(octets))
              .toString());
    } catch (CharacterCodingException notOfThisCharset) {
      return Optional.empty();
    }
  }
}
