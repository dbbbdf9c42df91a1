package io.postern.model.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which bits keywords get. */
class KeywordsTest {
  private static final Keywords FULL =
      new Keywords(IntStream.range(0, Keywords.MAX).mapToObj(i -> "k" + i).toList());

  @Test
  void newKeywordsGetTheNextBitsAndKeepTheSpellingFirstSeen() {
    var known = Keywords.NONE.with(List.of(flags("b", "a"), flags("A", "c")), -1);
    assertThat(known.names()).containsExactly("a", "b", "c");
    assertThat(known.with(List.of(flags("B")), 0)).isSameAs(known);
  }

  @Test
  void aBitIsNotReusedWhileOthersAreFree() {
    var known = new Keywords(List.of("unused"));
    assertThat(known.hasRoomFor(List.of(flags("new")))).isTrue();
    assertThat(known.with(List.of(flags("new")), 0).names()).containsExactly("unused", "new");
  }

  @Test
  void anUnusedBitIsReusedWhenNoneIsFree() {
    assertThat(FULL.hasRoomFor(List.of(flags("new")))).isFalse();
    long used = -1 & ~bit(FULL, "k3") & ~bit(FULL, "k9");
    var known = FULL.with(List.of(flags("one"), flags("two"), flags("three")), used);
    assertThat(known.names()).hasSize(Keywords.MAX).doesNotContain("k3", "k9", "three");
    assertThat(known.bitOf("one")).isEqualTo(FULL.bitOf("k3"));
    assertThat(known.bitOf("two")).isEqualTo(FULL.bitOf("k9"));
  }

  @Test
  void aBitOfARequestedKeywordIsKept() {
    long used = -1 & ~bit(FULL, "k3") & ~bit(FULL, "k9");
    var known = FULL.with(List.of(flags("new"), flags("K3")), used);
    assertThat(known.names()).contains("k3", "new").doesNotContain("k9");
  }

  @Test
  void keywordsBeyondTheLimitAreOmitted() {
    assertThat(FULL.with(List.of(flags("new")), -1)).isEqualTo(FULL);
    assertThat(FULL.pack(flags("new", "k0"))).isEqualTo(bit(FULL, "k0"));
  }

  private static Flags flags(String... keywords) {
    return Flags.of(List.of(), Arrays.asList(keywords));
  }

  private static long bit(Keywords keywords, String keyword) {
    return 1L << keywords.bitOf(keyword).orElseThrow();
  }
}
