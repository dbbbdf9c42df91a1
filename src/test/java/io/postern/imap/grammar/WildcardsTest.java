package io.postern.imap.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.model.MailboxName;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WildcardsTest {
  private static boolean matches(String pattern, String name) {
    return ListPattern.of("", pattern).matches(new MailboxName(name));
  }

  @Test
  void matchesAsTheRfcSays() {
    assertTrue(matches("*", "a/b/c"));
    assertTrue(matches("%", "a"));
    assertFalse(matches("%", "a/b"));
    assertTrue(matches("a/%", "a/b"));
    assertFalse(matches("a/%", "a/b/c"));
    assertTrue(matches("a*c", "a/b/c"));
    assertTrue(matches("%/%", "a/b"));
    assertFalse(matches("", "a"));
    assertTrue(matches("a", "a"));
    assertFalse(matches("a", "A"));
    assertTrue(ListPattern.of("a/", "%").matches(new MailboxName("a/b")));
  }

  @Test
  void matchesInboxWithoutCase() {
    assertTrue(matches("inbox", "INBOX"));
    assertTrue(matches("InB%", "INBOX"));
    assertTrue(matches("inbox/%", "INBOX/a"));
    assertFalse(matches("inbox/A", "INBOX/a"));
    assertFalse(matches("inboxes", "INBOXES"));
  }

  @Test
  void agreesWithASlowMatcher() {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      var pattern = random(random, "ab/*%", 8);
      var name = random(random, "ab/", 8);
      if (MailboxName.problem(name).isEmpty()) {
        assertEquals(
            slow(pattern, name), matches(pattern, name), pattern + " " + name + " seed " + seed);
      }
    }
  }

  private static String random(SplittableRandom random, String letters, int most) {
    var text = new StringBuilder();
    for (int i = random.nextInt(most); i > 0; i--) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }

  private static boolean slow(String pattern, String name) {
    if (pattern.isEmpty()) {
      return name.isEmpty();
    }
    char c = pattern.charAt(0);
    if (c != '*' && c != '%') {
      return !name.isEmpty()
          && name.charAt(0) == c
          && slow(pattern.substring(1), name.substring(1));
    }
    return slow(pattern.substring(1), name)
        || (!name.isEmpty()
            && (c == '*' || name.charAt(0) != '/')
            && slow(pattern, name.substring(1)));
  }

  @Test
  void staysLinearAndBounded() {
    var name = new MailboxName("a".repeat(MailboxName.MAX_LENGTH));
    assertTrue(matches("*a".repeat(MailboxName.MAX_LENGTH), name.value()));
    assertFalse(matches("*a".repeat(MailboxName.MAX_LENGTH + 1), name.value()));
    var pattern = ListPattern.of("", "*a%".repeat(300) + "b");
    assertTimeout(
        Duration.ofSeconds(10),
        () -> {
          for (int i = 0; i < 1_000; i++) {
            assertFalse(pattern.matches(name));
          }
        });
  }
}
