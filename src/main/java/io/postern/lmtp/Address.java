package io.postern.lmtp;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Parses the paths of MAIL and RCPT (RFC 5321 §4.1.2), with international parts (RFC 6531 §3.3).
 * The caller decides whether those are allowed.
 */
final class Address {
  /** Longest path in UTF-16 units; RFC 5321 §4.5.3.1.3 asks for 256 octets. */
  static final int MAX_LENGTH = 1_000;

  private static final String NOT_A_DOMAIN = "@";

  /**
   * A parsed path.
   *
   * @param local the local part, its quoting undone; empty for the null path only
   * @param domain the domain or address literal, lower case; empty when none was given
   * @param text the address as it was written, without brackets and source route
   * @param rest the text behind the path, from its first space
   */
  record Path(String local, String domain, String text, String rest) {
    /** Whether it is the null reverse-path of a notification. */
    boolean isNull() {
      return local.isEmpty() && domain.isEmpty();
    }

    /** Whether it can be written in ASCII. */
    boolean ascii() {
      return (local + domain).chars().allMatch(c -> c < 0x80);
    }

    /** The account names that it may mean, the likelier first: with its detail and without. */
    List<String> names() {
      var exact = name(local);
      // RFC 5233 §4: the text after the separator is detail, for the user's own purposes
      int plus = local.indexOf('+');
      return plus <= 0 ? List.of(exact) : List.of(exact, name(local.substring(0, plus)));
    }

    private String name(String user) {
      return (domain.isEmpty() ? user : user + "@" + domain).toLowerCase(Locale.ROOT);
    }
  }

  private final String text;
  private int at;

  private Address(String text) {
    this.text = text;
  }

  /** Parses the path at the start of the text; empty when there is none, or one too long. */
  static Optional<Path> read(String text) {
    return new Address(text).path();
  }

  private Optional<Path> path() {
    if (!take('<') || !sourceRoute()) {
      return Optional.empty();
    }
    int start = at;
    if (take('>')) {
      return finished("", "", start);
    }
    var local = peek() == '"' ? quotedString() : dotString();
    // RFC 5321 §4.1.1.3: "<Postmaster>" stands without a domain
    var domain = take('@') ? domain() : "";
    return local.isEmpty() || domain.equals(NOT_A_DOMAIN) || !take('>')
        ? Optional.empty()
        : finished(local, domain.toLowerCase(Locale.ROOT), start);
  }

  private Optional<Path> finished(String local, String domain, int start) {
    var rest = text.substring(at);
    return at > MAX_LENGTH || !(rest.isEmpty() || rest.startsWith(" "))
        ? Optional.empty()
        : Optional.of(new Path(local, domain, text.substring(start, at - 1), rest));
  }

  /** RFC 5321 appendix C: a source route is accepted and ignored. */
  private boolean sourceRoute() {
    if (peek() != '@') {
      return true;
    }
    do {
      if (!take('@') || domain().equals(NOT_A_DOMAIN)) {
        return false;
      }
    } while (take(','));
    return take(':');
  }

  // RFC 5321 §4.1.2: Dot-string = Atom *("." Atom)
  private String dotString() {
    int start = at;
    while (isAtext(peek()) || peek() == '.') {
      at++;
    }
    var local = text.substring(start, at);
    return local.startsWith(".") || local.endsWith(".") || local.contains("..") ? "" : local;
  }

  // RFC 5321 §4.1.2: Quoted-string = DQUOTE *QcontentSMTP DQUOTE
  private String quotedString() {
    var local = new StringBuilder();
    at++;
    while (peek() != '"') {
      boolean escaped = take('\\');
      char c = peek();
      if (c < ' ' || c == 0x7f || (escaped && c > '~')) {
        return "";
      }
      local.append(c);
      at++;
    }
    at++;
    return local.toString();
  }

  private String domain() {
    int start = at;
    if (take('[')) {
      while (peek() > ' ' && peek() != ']' && peek() != '[' && peek() < 0x7f) {
        at++;
      }
      return at > start + 1 && take(']') ? text.substring(start, at) : NOT_A_DOMAIN;
    }
    while (isLetterOrDigit(peek()) || peek() == '-' || peek() == '.') {
      at++;
    }
    var domain = text.substring(start, at);
    for (var label : domain.split("\\.", -1)) {
      if (label.isEmpty() || label.startsWith("-") || label.endsWith("-")) {
        return NOT_A_DOMAIN;
      }
    }
    return domain;
  }

  private static boolean isAtext(char c) {
    return isLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".indexOf(c) >= 0;
  }

  /** RFC 6531 §3.3: every character beyond ASCII is accepted. */
  private static boolean isLetterOrDigit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0xa0;
  }

  private boolean take(char c) {
    boolean there = at < text.length() && text.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }

  /** The next character; NUL, which is in no address, at the end. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }
}
