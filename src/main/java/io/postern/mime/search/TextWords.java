package io.postern.mime.search;

import io.postern.mime.text.UnicodeCasemap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Divides texts into words: runs of letters and digits, compared by {@link UnicodeCasemap} without
 * their marks; in scripts that put no space between words each letter is a word.
 */
final class TextWords {
  /** Letters of a word that are compared; others behind them are not. */
  static final int MAX_LETTERS = 32;

  /** Code points below it are those of ASCII. */
  static final int ASCII = 128;

  private TextWords() {}

  /** The words of a text, without marks and case, each once; of long ones the beginning. */
  static List<List<Integer>> of(String text) {
    var words = new LinkedHashSet<List<Integer>>();
    var word = new ArrayList<Integer>();
    for (int codePoint : UnicodeCasemap.folded(text)) {
      switch (kind(codePoint)) {
        case LETTER -> word.add(letterOf(codePoint));
        case MARK -> {
          // It is left out.
        }
        case WORD, OTHER -> {
          add(words, word);
          word.clear();
        }
      }
      if (kind(codePoint) == Kind.WORD) {
        words.add(List.of(codePoint));
      }
    }
    add(words, word);
    return List.copyOf(words);
  }

  private static void add(Set<List<Integer>> words, List<Integer> word) {
    if (!word.isEmpty()) {
      words.add(List.copyOf(word.subList(0, Math.min(word.size(), MAX_LETTERS))));
    }
  }

  /** What a code point is in a text. */
  enum Kind {
    LETTER,
    /** Of the letter before. */
    MARK,
    /** A letter that is a word. */
    WORD,
    OTHER
  }

  /** What the code point is. */
  static Kind kind(int codePoint) {
    if (codePoint < ASCII) {
      return isAsciiLetter(codePoint) ? Kind.LETTER : Kind.OTHER;
    }
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          Kind.MARK;
      case Character.OTHER_LETTER -> isWord(codePoint) ? Kind.WORD : Kind.LETTER;
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.DECIMAL_DIGIT_NUMBER,
          Character.LETTER_NUMBER,
          Character.OTHER_NUMBER ->
          Kind.LETTER;
      default -> Kind.OTHER;
    };
  }

  /** Small letters of ASCII are left by decompositions. */
  static int letterOf(int codePoint) {
    return codePoint < ASCII ? UnicodeCasemap.ofAscii(codePoint) : codePoint;
  }

  private static boolean isAsciiLetter(int codePoint) {
    return (codePoint >= 'A' && codePoint <= 'Z')
        || (codePoint >= 'a' && codePoint <= 'z')
        || (codePoint >= '0' && codePoint <= '9');
  }

  private static boolean isWord(int codePoint) {
    return switch (Character.UnicodeScript.of(codePoint)) {
      case HAN, HIRAGANA, KATAKANA, BOPOMOFO, THAI, LAO, KHMER, MYANMAR -> true;
      default -> false;
    };
  }
}
