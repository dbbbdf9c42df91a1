package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a script's expectation matches, and what it does not. */
class ComparisonTest {
  private final Bindings bindings = new Bindings();

  private boolean matches(String expected, String got) {
    return Comparison.matches(Answer.parse(expected), Answer.parse(got), bindings);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          * 2 EXISTS                           | * 2 exists
          * OK ...                             | * OK [UIDNEXT 4] Predicted
          a1 OK                                | a1 OK done
          a1 NO [TRYCREATE] ...                | a1 NO [trycreate] make it first
          * FLAGS (\\Seen \\Answered)          | * FLAGS (\\Answered \\SEEN)
          * FLAGS (\\Seen ...)                 | * FLAGS (\\Answered \\SEEN)
          * FLAGS (!\\Recent ...)              | * FLAGS (\\Answered \\SEEN)
          * CAPABILITY IDLE IMAP4rev1 ...      | * CAPABILITY IMAP4rev1 X IDLE
          * SEARCH 1 2                         | * SEARCH 2 1
          * 1 FETCH (UID 5 FLAGS (\\Seen a))   | * 1 FETCH (FLAGS (a \\Seen) UID 5)
          * 1 FETCH (UID 5 ...)                | * 1 FETCH (FLAGS (a \\Seen) UID 5)
          * 1 FETCH (!FLAGS ...)               | * 1 FETCH (UID 5)
          * 1 FETCH (BODY[] "abc")             | * 1 FETCH (BODY[] "abc")
          * 1 FETCH (BODY ("text" "plain" NIL))| * 1 FETCH (BODY ("TEXT" "PLAIN" nil))
          * LIST (\\HasNoChildren) "/" "inbox" | * LIST (\\HasNoChildren) "/" INBOX
          * LIST (\\HasNoChildren) "/" "a"     | * LIST (\\HasNoChildren) "/" a
          * STATUS a (MESSAGES 1 UNSEEN 0)     | * STATUS "a" (UNSEEN 0 MESSAGES 1)
          * OK [COPYUID 1 1:3 4,5,6] ...       | * OK [COPYUID 1 1,2,3 4:6] done
          + ...                                | + go on
          """)
  void matching(String expected, String got) {
    assertThat(matches(expected, got)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          * 2 EXISTS                           | * 3 EXISTS
          a1 OK                                | a1 OK [ALERT] done
          a1 OK ...                            | a1 NO ...
          a1 OK ...                            | a2 OK done
          a1 NO [TRYCREATE] ...                | a1 NO make it first
          * FLAGS (\\Seen)                     | * FLAGS (\\Answered \\SEEN)
          * FLAGS (!\\Seen ...)                | * FLAGS (\\Answered \\SEEN)
          * SEARCH 1 2                         | * SEARCH 2
          * 1 FETCH (UID 5)                    | * 1 FETCH (FLAGS (a) UID 5)
          * 1 FETCH (!FLAGS ...)               | * 1 FETCH (FLAGS () UID 5)
          * 1 FETCH (BODY[] "abc")             | * 1 FETCH (BODY[] "ABC")
          * 1 FETCH (BODY[TEXT] NIL)           | * 1 FETCH (BODY[TEXT] "NIL")
          * LIST () "/" "a"                    | * LIST () "/" A
          * OK [COPYUID 1 1:3 4,5,6] ...       | * OK [COPYUID 1 1,2,3 4:7] done
          """)
  void notMatching(String expected, String got) {
    assertThat(matches(expected, got)).isFalse();
  }

  @Test
  void namesBindOnceAndThenMustAgree() {
    assertThat(matches("* OK [UIDNEXT $next] ...", "* OK [UIDNEXT 17] Predicted")).isTrue();
    assertThat(matches("* 1 FETCH (UID $next)", "* 1 FETCH (UID 18)")).isFalse();
    assertThat(matches("* 1 FETCH (UID $next)", "* 1 FETCH (UID 17)")).isTrue();
    assertThat(bindings.fill("UID FETCH $next:* $$x")).isEqualTo("UID FETCH 17:* $x");
  }

  @Test
  void literalsAreStrings() {
    assertThat(
            matches(
                "* 1 FETCH (BODY[] {{{a\r\nb}}} UID 1)", "* 1 FETCH (BODY[] {4}\r\na\r\nb UID 1)"))
        .isTrue();
  }

  @Test
  void differencesAreReported() {
    assertThatThrownBy(() -> Answer.parse("* 1 FETCH (UID 1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("open");
  }
}
