package io.postern.render;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EnrichedTextTest {
  /** The example of RFC 1896. */
  private static final String EXAMPLE =
      """
      <bold>Now</bold> is the time for <italic>all</italic>
      good men
      <smaller>(and <<women>)</smaller> to
      <ignoreme>come</ignoreme>

      to the aid of their


      <color><param>red</param>beloved</color>
      country.

      By the way,
      I think that <paraindent><param>left</param><<smaller>

      </paraindent>should REALLY be called

      <paraindent><param>left</param><<tinier></paraindent>

      and that I am always right.

      -- the end""";

  @Test
  void showsTheExampleOfTheRfc() {
    assertThat(EnrichedText.toPlain(EXAMPLE))
        .isEqualTo(
            """
            Now is the time for all good men (and <women>) to come
            to the aid of their

            beloved country.
            By the way, I think that <smaller>
            should REALLY be called
            <tinier>
            and that I am always right.
            -- the end""");
    assertThat(EnrichedText.toHtml(EXAMPLE))
        .contains(
            "<b>Now</b> is the time for <i>all</i> good men <small>(and &lt;women&gt;)</small>")
        .doesNotContain("red", "ignoreme");
  }

  @Test
  void keepsLineEndsThatAreNotFilled() {
    assertThat(EnrichedText.toPlain("<nofill>a\nb\n\nc</nofill>\nd")).isEqualTo("a\nb\n\nc d");
  }

  @Test
  void keepsWhatIsNoCommand() {
    assertThat(EnrichedText.toPlain("1 < 2")).isEqualTo("1 < 2");
    assertThat(EnrichedText.toPlain("<" + "x".repeat(60) + "> and <")).startsWith("<xxx");
    assertThat(EnrichedText.toPlain("<" + "x".repeat(59) + ">y")).isEqualTo("y");
  }

  @Test
  void readsBackPlainText() {
    for (var text : new String[] {"", "a", "a < b\n", "one\n\ntwo\n", "<bold>\n\n\n"}) {
      assertThat(EnrichedText.toPlain(PlainText.toEnriched(text))).isEqualTo(text);
    }
  }
}
