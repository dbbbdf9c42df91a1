package io.postern.render;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HtmlTextTest {
  private static void plain(String html, String text) {
    assertThat(HtmlText.toPlain(html)).as(html).isEqualTo(text + "\n");
  }

  private static void enriched(String html, String text) {
    assertThat(HtmlText.toEnriched(html)).as(html).isEqualTo(text + "\n\n");
  }

  @Test
  void keepsParagraphsAndLines() {
    plain("<p>one</p><p>two<br>three</p><div>four</div>five", "one\n\ntwo\nthree\n\nfour\nfive");
    plain("a<br><br>b", "a\n\nb");
    plain("<h1>head</h1>text", "head\n\ntext");
    plain("  many \n spaces\t here ", "many spaces here");
    plain("a&nbsp;&nbsp;b &lt;c&gt; &auml;", "a  b <c> ä");
    plain("one<hr>two", "one\n" + "-".repeat(40) + "\ntwo");
  }

  @Test
  void keepsPreformattedText() {
    plain("<pre>a\n  b\n\nc</pre>d", "a\n  b\n\nc\n\nd");
  }

  @Test
  void keepsListsTablesAndQuotations() {
    plain("<ul><li>one</li><li>two</li></ul>", "* one\n* two");
    plain("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc");
    plain("<p>said:</p><blockquote><p>a</p><p>b</p></blockquote>no", "said:\n\n> a\n>\n> b\n\nno");
  }

  @Test
  void showsTargetsOfLinksOnce() {
    plain("<a href=\"https://a.example/b\">here</a>", "here <https://a.example/b>");
    plain("<a href=\"https://a.example/b\">https://a.example/b</a>", "https://a.example/b");
    plain("<a href=\"mailto:a@b\">a@b</a>", "a@b");
    plain("<a href=\"javascript:alert(1)\">click</a>", "click");
    plain("<img src=\"x\" alt=\"a picture\">", "a picture");
  }

  @Test
  void hidesWhatAReaderDoesNotSee() {
    plain(
        "<html><head><title>t</title><style>p{}</style></head><body><script>x()</script>"
            + "<div style=\"display: none\">preview</div>seen</body></html>",
        "seen");
  }

  @Test
  void marksTextThatIsEnriched() {
    enriched(
        "a <b>bold</b> and <em>slanted</em> <u>line</u>",
        "a <bold>bold</bold> and <italic>slanted</italic> <underline>line</underline>");
    enriched("<p>1 &lt; 2</p><p>b</p>", "1 << 2\n\n\nb");
    enriched("<code>x</code>", "<fixed>x</fixed>");
  }

  /** A plain reader of the enriched text reads what the plain text says. */
  @Test
  void enrichedTextSaysTheSame() {
    var html = "<p>one <b>two</b> &lt;three&gt;</p><p>four<br>five</p>";
    assertThat(EnrichedText.toPlain(HtmlText.toEnriched(html))).isEqualTo(HtmlText.toPlain(html));
  }
}
