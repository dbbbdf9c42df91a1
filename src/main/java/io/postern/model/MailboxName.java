package io.postern.model;

import java.util.Optional;

/**
 * A mailbox's full name in Unicode, its levels separated by "/" (RFC 3501 §5.1). INBOX is the same
 * in any case, here always upper; all other names are kept and compared as written.
 *
 * @param value not empty; no level empty; no control character; at most {@link #MAX_LENGTH} chars
 */
public record MailboxName(String value) implements Comparable<MailboxName> {
  /** Separates the levels of a name. */
  public static final char DELIMITER = '/';

  /** How long a name may be, in UTF-16 units. */
  public static final int MAX_LENGTH = 1_000;

  /** How many levels a name may have. */
  public static final int MAX_LEVELS = 50;

  /** The mailbox every account has. */
  public static final MailboxName INBOX = new MailboxName("INBOX");

  public MailboxName {
    value = withInboxUpper(value);
    problem(value)
        .ifPresent(
            p -> {
              throw new IllegalArgumentException(p);
            });
  }

  /** What is wrong with a name; empty when it is valid. */
  public static Optional<String> problem(String name) {
    if (name.isEmpty()) {
      return Optional.of("a mailbox name is not empty");
    }
    if (name.length() > MAX_LENGTH) {
      return Optional.of("a mailbox name has at most " + MAX_LENGTH + " characters");
    }
    if (name.charAt(0) == DELIMITER
        || name.charAt(name.length() - 1) == DELIMITER
        || name.contains("//")) {
      return Optional.of("a mailbox name has no empty level");
    }
    if (name.chars().filter(c -> c == DELIMITER).count() >= MAX_LEVELS) {
      return Optional.of("a mailbox name has at most " + MAX_LEVELS + " levels");
    }
    if (name.codePoints().anyMatch(MailboxName::forbidden)) {
      return Optional.of("a mailbox name has no control character, \"*\" or \"%\"");
    }
    return Optional.empty();
  }

  private static boolean forbidden(int c) {
    return Character.getType(c) == Character.CONTROL
        || Character.getType(c) == Character.SURROGATE
        || c == '*'
        || c == '%';
  }

  private static String withInboxUpper(String name) {
    boolean inbox = name.regionMatches(true, 0, "INBOX", 0, 5);
    return inbox && (name.length() == 5 || name.charAt(5) == DELIMITER)
        ? "INBOX" + name.substring(5)
        : name;
  }

  /** Whether this is INBOX itself. */
  public boolean isInbox() {
    return value.equals("INBOX");
  }

  /** The name one level up; empty at the top. */
  public Optional<MailboxName> parent() {
    int at = value.lastIndexOf(DELIMITER);
    return at < 0 ? Optional.empty() : Optional.of(new MailboxName(value.substring(0, at)));
  }

  /** Whether this name lies below the other, at any depth. */
  public boolean isBelow(MailboxName other) {
    return value.length() > other.value.length()
        && value.startsWith(other.value)
        && value.charAt(other.value.length()) == DELIMITER;
  }

  @Override
  public int compareTo(MailboxName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
