package io.postern.mime.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.search.AhoCorasick.Found;
import io.postern.mime.text.UnicodeCasemap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AhoCorasickTest {
  private static List<Boolean> found(List<String> patterns, List<String> pieces) {
    var builder = new AhoCorasick.Builder();
    var numbers = patterns.stream().map(builder::add).toList();
    var found = new Found();
    var scan = builder.build().scan(found);
    scan.begin();
    pieces.forEach(piece -> scan.accept(piece.toCharArray(), 0, piece.length()));
    return numbers.stream().map(found::has).toList();
  }

  @Test
  void patternsWithinPatternsAreFound() {
    var patterns = List.of("he", "she", "his", "hers", "e", "", "ushers", "x");
    assertThat(found(patterns, List.of("uSH", "eRs")))
        .containsExactly(true, true, false, true, true, true, true, false);
  }

  @Test
  void textsThatDifferInCaseAreOnePattern() {
    var builder = new AhoCorasick.Builder();
    assertThat(builder.add("Straße")).isEqualTo(builder.add("STRAßE"));
    builder.add("other");
    assertThat(builder.build().patterns()).isEqualTo(2);
  }

  @Test
  void charsOfTwoHalvesAreOne() {
    assertThat(found(List.of("a😀", "😁", "\uDE00"), List.of("A\uD83D", "\uDE00")))
        .containsExactly(true, false, false);
  }

  @Test
  void nothingIsFoundAcrossTheBorderOfTwoTexts() {
    var builder = new AhoCorasick.Builder();
    int number = builder.add("ab");
    var found = new Found();
    var scan = builder.build().scan(found);
    for (var text : List.of("a", "b")) {
      scan.begin();
      scan.accept(text.toCharArray(), 0, 1);
    }
    assertThat(found.has(number)).isFalse();
  }

  /** A model: each pattern is looked for by itself. */
  @Test
  void findsTheSameAsSearchingForEachTermAlone() {
    var random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      var patterns = new ArrayList<String>();
      for (int i = 0; i < 1 + random.nextInt(12); i++) {
        patterns.add(text(random, 1 + random.nextInt(5)));
      }
      var text = text(random, random.nextInt(40));
      int cut = random.nextInt(text.length() + 1);
      var expected = patterns.stream().map(p -> key(text).contains(key(p))).toList();
      assertThat(found(patterns, List.of(text.substring(0, cut), text.substring(cut))))
          .as("%s in %s", patterns, text)
          .isEqualTo(expected);
    }
  }

  private static String text(Random random, int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append("abAéÉ日eE\u0301ǆ".charAt(random.nextInt(10)));
    }
    return text.toString();
  }

  private static String key(String text) {
    return new String(UnicodeCasemap.key(text), StandardCharsets.UTF_8);
  }
}
