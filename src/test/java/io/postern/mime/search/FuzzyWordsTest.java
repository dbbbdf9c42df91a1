package io.postern.mime.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FuzzyWordsTest {
  private static final FuzzyWords.Found NOTHING = new FuzzyWords.Found();

  private static int score(String wanted, String... pieces) {
    var builder = new FuzzyWords.Builder();
    int text = builder.add(wanted);
    var words = builder.build();
    var found = new FuzzyWords.Found();
    var scan = words.scan(found);
    scan.begin();
    for (var piece : pieces) {
      scan.accept(piece.toCharArray(), 0, piece.length());
    }
    scan.end();
    return words.score(text, found, NOTHING);
  }

  @Test
  void wordsMatchInAnyOrderWhateverStandsBetweenThem() {
    assertThat(score("IMAP break", "the break of the imap")).isEqualTo(100);
    assertThat(score("imap, break!", "IMAP-Break")).isEqualTo(100);
    assertThat(score("IMAP break", "the imap")).isZero();
    assertThat(score("resume", "r\u00e9sum\u00e9")).isEqualTo(100);
    assertThat(score("Stra\u00dfe 7", "7 STRA\u00dfE")).isEqualTo(100);
  }

  @Test
  void theExampleOfTheRfc() {
    assertThat(score("Helo", "hello")).isEqualTo(70);
    assertThat(score("Helo", "help")).isEqualTo(70);
    assertThat(score("Helo", "ehlo")).isEqualTo(70);
    assertThat(score("Helo", "world")).isZero();
  }

  @Test
  void shortWordsMatchOnlyTheSameAndLongOnesWithTwoDifferences() {
    assertThat(score("cat", "cats")).isEqualTo(80);
    assertThat(score("cat", "cut")).isZero();
    assertThat(score("at", "attic")).isZero();
    assertThat(score("message", "mesage")).isEqualTo(70);
    assertThat(score("message", "msage")).isZero();
    assertThat(score("messages", "mesagse")).isEqualTo(50);
    assertThat(score("messages", "messaged-by")).isEqualTo(70);
    assertThat(score("notificat", "notifications")).isEqualTo(80);
    assertThat(score("notificat", "notfications")).isEqualTo(40);
  }

  @Test
  void theScoreOfSeveralWordsIsLessForEachThatDiffers() {
    assertThat(score("helo wrold", "hello world")).isEqualTo(49);
    assertThat(score("hello wrold", "hello world")).isEqualTo(70);
  }

  @Test
  void lettersOfScriptsWithoutSpacesAreWords() {
    assertThat(TextWords.of("\u65e5\u672c a\u0301b")).hasSize(3);
    assertThat(score("\u65e5\u672c", "x\u672cx\u65e5")).isEqualTo(100);
    assertThat(score("\u65e5\u672c", "\u65e5")).isZero();
  }

  @Test
  void longWordsMatchByTheirBeginning() {
    var beginning = "abcdefgh".repeat(4);
    assertThat(score(beginning, beginning)).isEqualTo(100);
    assertThat(score(beginning + "xyz", beginning + "qqq")).isEqualTo(80);
    assertThat(score(beginning, "abc" + "q".repeat(10_000))).isZero();
    assertThat(score("abcd", "q".repeat(10_000) + " abcd")).isEqualTo(100);
  }

  @Test
  void nothingExtendsAcrossTheBorderOfTwoTexts() {
    var builder = new FuzzyWords.Builder();
    int text = builder.add("together");
    var words = builder.build();
    var found = new FuzzyWords.Found();
    var scan = words.scan(found);
    for (var half : List.of("toge", "ther")) {
      scan.begin();
      scan.accept(half.toCharArray(), 0, half.length());
      scan.end();
    }
    assertThat(words.score(text, found, NOTHING)).isZero();
  }

  @Test
  void whereWordsCountLessTheScoreIsLess() {
    var builder = new FuzzyWords.Builder();
    int text = builder.add("hello");
    var words = builder.build();
    var found = new FuzzyWords.Found();
    var scan = words.scan(found);
    scan.begin();
    scan.accept("hello".toCharArray(), 0, 5);
    scan.end();
    assertThat(words.score(text, NOTHING, found)).isEqualTo(75);
    assertThat(found.count()).isEqualTo(1);
  }

  /** A model: the matrix of the distances, cell by cell; and chars cut anywhere. */
  @Test
  void qualitiesAreThoseOfTheMatrix() {
    var random = new Random(5);
    for (int round = 0; round < 20_000; round++) {
      var wanted = word(random, 1 + random.nextInt(12));
      var there = random.nextBoolean() ? typo(random, wanted) : word(random, random.nextInt(15));
      int cut = random.nextInt(there.length() + 1);
      assertThat(score(wanted, there.substring(0, cut), there.substring(cut)))
          .as("%s in %s", wanted, there)
          .isEqualTo(quality(wanted, there));
    }
  }

  private static String word(Random random, int length) {
    var word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append("abc\u0436".charAt(random.nextInt(4)));
    }
    return word.toString();
  }

  private static String typo(Random random, String word) {
    var changed = new StringBuilder(word);
    for (int i = 0; i < 1 + random.nextInt(2) && changed.length() > 1; i++) {
      int at = random.nextInt(changed.length() - 1);
      switch (random.nextInt(4)) {
        case 0 -> changed.deleteCharAt(at);
        case 1 -> changed.insert(at, 'c');
        case 2 -> changed.setCharAt(at, 'b');
        default -> changed.insert(at, changed.charAt(at + 1)).deleteCharAt(at + 2);
      }
    }
    return changed.toString();
  }

  private static int quality(String wanted, String there) {
    var row = matrix(wanted, there)[wanted.length()];
    if (there.isEmpty()) {
      return 0;
    }
    int allowed = wanted.length() < 4 ? 0 : wanted.length() < 8 ? 1 : 2;
    int whole = row[there.length()];
    int least = wanted.length();
    for (int distance : row) {
      least = Math.min(least, distance);
    }
    int quality = whole <= allowed ? new int[] {100, 70, 50}[whole] : 0;
    boolean begins = wanted.length() >= 3 && least <= Math.max(0, allowed - 1);
    return begins ? Math.max(quality, new int[] {80, 40}[least]) : quality;
  }

  private static int[][] matrix(String one, String other) {
    var matrix = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        matrix[i][j] = i == 0 || j == 0 ? i + j : cell(matrix, i, j, one, other);
      }
    }
    return matrix;
  }

  private static int cell(int[][] matrix, int i, int j, String one, String other) {
    int same = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
    int least =
        Math.min(matrix[i - 1][j - 1] + same, 1 + Math.min(matrix[i - 1][j], matrix[i][j - 1]));
    boolean exchanged =
        i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1);
    return exchanged ? Math.min(least, matrix[i - 2][j - 2] + 1) : least;
  }
}
