package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Octets beyond ASCII are in literals only: RFC 3501 §9 has 7-bit quoted strings, and RFC 6855 §3
 * lets UTF-8 into those of a client that enabled it.
 */
class RawOctetsTest {
  private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)}\r\n$");
  private static final String MESSAGE =
      """
      From: J\u00f6rg \u00e9 <j\u00f6rg@example.test>, "\u00e9" <x@\u00e9.test>
      To: g\u00e9: a@b;
      Cc: \u00c3\u00a9 <a@b> (\u00e9)
      Subject: caf\u00c3\u00a9
      Date: \u00e9
      In-Reply-To: <\u00e9@x>
      Message-ID: <\u00e9@y>
      Content-Type: multipart/mixed; boundary=b; n\u00e9=\u00e9

      --b
      Content-Type: t\u00e9xt/pl\u00e9in; charset=\u00e9
      Content-ID: \u00e9
      Content-Description: \u00e9
      Content-Transfer-Encoding: \u00e9
      Content-MD5: \u00e9
      Content-Disposition: \u00e9; filename="\u00e9"
      Content-Language: \u00e9
      Content-Location: \u00e9

      caf\u00e9
      --b--
      """
          .replace("\n", "\r\n");
  private static final String ITEMS =
      "(ENVELOPE BODY BODYSTRUCTURE PREVIEW BODY.PEEK[HEADER] BODY.PEEK[1.MIME]"
          + " BODY.PEEK[HEADER.FIELDS (SUBJECT)])";

  private static Target target = new ForeignTarget("127.0.0.1:0");

  @BeforeAll
  static void start() {
    target = new MemoryTarget();
  }

  @AfterAll
  static void stop() {
    target.close();
  }

  @Test
  void quotedStringsAreAsciiForAClientWithoutUtf8() throws IOException {
    var shown = fetched("NOOP");
    assertThat(outsideLiterals(shown)).matches("[ -~]+");
    assertThat(shown).contains("caf\u00c3\u00a9").contains("J\u00f6rg");
  }

  @Test
  void quotedStringsAreUtf8ForAClientThatEnabledIt() throws IOException {
    var shown = outsideLiterals(fetched("ENABLE UTF8=ACCEPT"));
    var utf8 = new String(shown.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    assertThat(utf8).doesNotContain("\uFFFD");
  }

  private static String fetched(String before) throws IOException {
    try (var reader = MessageReader.of(target, MESSAGE, before)) {
      return reader.ask("a FETCH 1 " + ITEMS);
    }
  }

  private static String outsideLiterals(String answer) {
    var text = new StringBuilder();
    for (int at = 0; at < answer.length(); at++) {
      text.append(answer.charAt(at));
      var literal = LITERAL.matcher(text);
      if (answer.charAt(at) == '\n' && literal.find()) {
        at += Integer.parseInt(literal.group(1));
        text.setLength(literal.start());
      }
    }
    return text.toString();
  }
}
