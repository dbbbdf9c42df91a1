package io.postern.mime.search;

import io.postern.mime.text.FoldedText;
import io.postern.mime.text.TextScan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The words of texts that are searched for by resemblance (RFC 6203), and how well those of a
 * message match them. A word ({@link TextWords}) matches one that is the same, or begins with it,
 * or differs from that in a few letters. Immutable; usable from any thread.
 *
 * <p>The distance of a word of a message to a word searched for is that of insertions, deletions,
 * replacements and exchanges of neighbours. A column of its matrix lies in two machine words and is
 * computed from the one before by some twenty operations (Myers, "A fast bit-vector algorithm for
 * approximate string matching based on dynamic programming", 1999; Hyyrö, "A bit-vector algorithm
 * for computing Levenshtein and Damerau edit distances", 2003). So a text costs that much for each
 * of its letters and each word searched for, whatever either is.
 */
final class FuzzyWords {
  /** What a word searched for costs more than a text that is searched for exactly. */
  static final int COST = 4;

  /** The best quality. */
  static final int EXACT = 100;

  /** Qualities by the number of differences: of whole words, and of those that go on. */
  private static final int[] WHOLE = {EXACT, 70, 50};

  private static final int[] BEGINNING = {80, 40};

  /** Words with fewer letters match only what is the same. */
  private static final int LEAST_LETTERS = 3;

  /** Words with so many letters may differ in one, and with so many in two. */
  private static final int FOR_ONE = 4;

  private static final int FOR_TWO = 8;

  /** With more letters than this a word matches nothing as a whole. */
  private final int longest;

  private final int[] lengths;

  /** By the number of a text those of its words. */
  private final int[][] texts;

  /** By the letter's number, from 1, and the word: a bit for each place that it has there. */
  private final long[][] places;

  /** The letters that words have, ascending: the number of one is its place, from 1. */
  private final int[] alphabet;

  /** The numbers of letters of ASCII; 0 for those that no word has. */
  private final int[] asciiLetters = new int[TextWords.ASCII];

  private FuzzyWords(Builder from) {
    this.texts = from.texts.toArray(int[][]::new);
    this.alphabet =
        from.numbers.keySet().stream()
            .flatMap(List::stream)
            .mapToInt(letter -> letter)
            .sorted()
            .distinct()
            .toArray();
    for (int i = 0; i < alphabet.length && alphabet[i] < TextWords.ASCII; i++) {
      asciiLetters[alphabet[i]] = i + 1;
    }
    this.lengths = new int[from.numbers.size()];
    this.places = new long[alphabet.length + 1][lengths.length];
    from.numbers.forEach(this::place);
    this.longest = Arrays.stream(lengths).max().orElse(0) + WHOLE.length - 1;
  }

  private void place(List<Integer> word, int number) {
    lengths[number] = word.size();
    for (int at = 0; at < word.size(); at++) {
      places[letter(word.get(at))][number] |= 1L << at;
    }
  }

  /** The number of a letter; 0 if no word has it. */
  private int letter(int codePoint) {
    return codePoint < TextWords.ASCII
        ? asciiLetters[codePoint]
        : Math.max(0, Arrays.binarySearch(alphabet, codePoint) + 1);
  }

  /** Whether there are no words. */
  boolean isEmpty() {
    return lengths.length == 0;
  }

  /** Begins a pass over texts that records how well words match. */
  Scan scan(Found found) {
    return new Scan(found);
  }

  /** How many differences a word of so many letters allows. */
  private static int allowed(int letters) {
    return letters < FOR_ONE ? 0 : letters < FOR_TWO ? 1 : 2;
  }

  /** The quality of the best match of each word so far, by one scan or several; 0 for none. */
  static final class Found {
    private byte[] qualities = new byte[0];
    private int count;

    /** How often a quality has risen. */
    int count() {
      return count;
    }

    private int quality(int word) {
      return word < qualities.length ? qualities[word] : 0;
    }

    private void record(int word, int quality) {
      if (quality > quality(word)) {
        if (word >= qualities.length) {
          qualities = Arrays.copyOf(qualities, word + 1);
        }
        qualities[word] = (byte) quality;
        count++;
      }
    }
  }

  /**
   * The relevancy of a message for a text: 0 when a word of it was not found, else up to 100.
   *
   * @param first where words count fully
   * @param second where they count by three quarters
   */
  int score(int text, Found first, Found second) {
    double score = EXACT;
    for (int word : texts[text]) {
      score *= Math.max(first.quality(word), 0.75 * second.quality(word)) / EXACT;
    }
    return score == 0 ? 0 : (int) Math.max(1, Math.round(score));
  }

  /** Collects texts. */
  static final class Builder {
    private final Map<List<Integer>, Integer> numbers = new HashMap<>();
    private final List<int[]> texts = new ArrayList<>();

    /** Adds a text; returns its number. */
    int add(String text) {
      texts.add(
          TextWords.of(text).stream()
              .mapToInt(word -> numbers.computeIfAbsent(word, _ -> numbers.size()))
              .toArray());
      return texts.size() - 1;
    }

    /** How many words were added. */
    int size() {
      return numbers.size();
    }

    FuzzyWords build() {
      return new FuzzyWords(this);
    }
  }

  /** One pass; chars arrive cut anywhere. */
  final class Scan implements TextScan {
    private final Found found;
    private final FoldedText folded = new FoldedText(new Letters());
    private final long[] rising = new long[lengths.length];
    private final long[] falling = new long[lengths.length];
    private final long[] diagonals = new long[lengths.length];
    private final int[] distances = new int[lengths.length];
    private final int[] least = new int[lengths.length];
    private long[] before = places[0];

    /** Letters of the present word so far. */
    private int letters;

    private Scan(Found found) {
      this.found = found;
    }

    @Override
    public void begin() {
      folded.begin();
    }

    @Override
    public void accept(char[] chars, int from, int to) {
      folded.accept(chars, from, to);
    }

    @Override
    public void end() {
      endWord();
    }

    /** Scans the next octets of a text that is encoded as {@link FoldedText} does. */
    void acceptFolded(byte[] text, int from, int to) {
      int at = from;
      while (at < to) {
        byte first = text[at];
        accept(first >= 0 ? first : FoldedText.decode(text, at));
        at += first >= 0 ? 1 : FoldedText.length(first);
      }
    }

    private void accept(int codePoint) {
      switch (TextWords.kind(codePoint)) {
        case LETTER -> follow(TextWords.letterOf(codePoint));
        case MARK -> {
          // It is left out.
        }
        case OTHER -> endWord();
        case WORD -> {
          endWord();
          follow(codePoint);
          endWord();
        }
      }
    }

    private void beginWord() {
      before = places[0];
      for (int word = 0; word < lengths.length; word++) {
        rising[word] = -1;
        falling[word] = 0;
        diagonals[word] = 0;
        distances[word] = lengths[word];
        least[word] = lengths[word];
      }
    }

    /**
     * The next column of each word's matrix: the distances of its beginnings to the word so far.
     */
    private void follow(int codePoint) {
      if (letters == 0) {
        beginWord();
      }
      if (++letters > longest) {
        return;
      }
      var here = places[letter(codePoint)];
      for (int word = 0; word < lengths.length; word++) {
        long equal = here[word];
        long up = rising[word];
        long down = falling[word];
        long exchanged = ((~diagonals[word] & equal) << 1) & before[word];
        long diagonal = (((equal & up) + up) ^ up) | equal | down | exchanged;
        long right = down | ~(diagonal | up);
        long left = up & diagonal;
        long last = 1L << (lengths[word] - 1);
        distances[word] += ((right & last) != 0 ? 1 : 0) - ((left & last) != 0 ? 1 : 0);
        least[word] = Math.min(least[word], distances[word]);
        right = (right << 1) | 1;
        rising[word] = (left << 1) | ~(diagonal | right);
        falling[word] = right & diagonal;
        diagonals[word] = diagonal;
      }
      before = here;
    }

    private void endWord() {
      if (letters == 0) {
        return;
      }
      for (int word = 0; word < lengths.length; word++) {
        int allowed = allowed(lengths[word]);
        if (letters <= longest && distances[word] <= allowed) {
          found.record(word, WHOLE[distances[word]]);
        }
        // What goes on behind it has been given much room already.
        if (least[word] <= Math.max(0, allowed - 1) && lengths[word] >= LEAST_LETTERS) {
          found.record(word, BEGINNING[least[word]]);
        }
      }
      letters = 0;
    }

    /** Receives what the text becomes. */
    private final class Letters implements FoldedText.Sink {
      @Override
      public void begin() {
        endWord();
      }

      @Override
      public void accept(int codePoint) {
        Scan.this.accept(codePoint);
      }
    }
  }
}
