package io.postern.imap.grammar;

import io.postern.model.MailboxName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Converts mailbox names between Unicode and modified UTF-7 (RFC 3501 §5.1.3). */
public final class MailboxText {
  private static final String NOT_ENCODED = "the mailbox name is neither modified UTF-7 nor UTF-8";

  // RFC 6855 §3, RFC 9051 §5.1
  private static final char LINE_SEPARATOR = 0x2028;
  private static final char PARAGRAPH_SEPARATOR = 0x2029;
  private static final String SEPARATOR = "a mailbox name has no line or paragraph separator";

  private MailboxText() {}

  /** Decodes a name from the octets of a command. */
  static MailboxArgument read(byte[] octets) {
    var decoded = decode(octets);
    return decoded
        .map(MailboxText::named)
        .orElseGet(() -> new MailboxArgument.Invalid(NOT_ENCODED));
  }

  /** The argument of a name in Unicode. */
  static MailboxArgument named(String text) {
    if (text.indexOf(LINE_SEPARATOR) >= 0 || text.indexOf(PARAGRAPH_SEPARATOR) >= 0) {
      return new MailboxArgument.Invalid(SEPARATOR);
    }
    boolean parent = text.length() > 1 && text.charAt(text.length() - 1) == MailboxName.DELIMITER;
    var name = parent ? text.substring(0, text.length() - 1) : text;
    var problem = MailboxName.problem(name);
    if (problem.isPresent()) {
      return new MailboxArgument.Invalid(problem.get());
    }
    var mailbox = new MailboxName(name);
    var written = mailbox.value().equals(name) ? Optional.<String>empty() : Optional.of(name);
    return new MailboxArgument.Valid(mailbox, parent, written);
  }

  /**
   * Decodes a name or pattern to Unicode. Octets above 127 are not allowed; clients that send them
   * mean UTF-8, and then "&amp;" is itself. Empty when it is neither.
   */
  static Optional<String> decode(byte[] octets) {
    return Octets.isAscii(octets)
        ? decode(new String(octets, StandardCharsets.ISO_8859_1))
        : Octets.decode(octets, StandardCharsets.UTF_8);
  }

  /**
   * Decodes modified UTF-7. Shifts that follow one another without need are accepted; a printable
   * ASCII character in a shift is not, so that "/" and wildcards can't hide.
   *
   * @param encoded ASCII only
   * @return empty when it is not modified UTF-7
   */
  public static Optional<String> decode(String encoded) {
    if (encoded.indexOf('&') < 0) {
      return Optional.of(encoded);
    }
    var text = new StringBuilder(encoded.length());
    int at = 0;
    while (at < encoded.length()) {
      char c = encoded.charAt(at);
      if (c != '&') {
        text.append(c);
        at++;
        continue;
      }
      int end = encoded.indexOf('-', at);
      if (end < 0 || !shifted(encoded.substring(at + 1, end), text)) {
        return Optional.empty();
      }
      at = end + 1;
    }
    return Optional.of(text.toString());
  }

  /** Appends the text between "&" and "-"; returns false when it is malformed. */
  private static boolean shifted(String base64, StringBuilder text) {
    if (base64.isEmpty()) {
      text.append('&');
      return true;
    }
    if (base64.length() % 4 == 1 || base64.indexOf('/') >= 0 || base64.indexOf('=') >= 0) {
      return false;
    }
    byte[] utf16;
    try {
      utf16 = Base64.getDecoder().decode(base64.replace(',', '/'));
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
    if (!canonical(utf16, base64)) {
      return false;
    }
    var decoded = Octets.decode(utf16, StandardCharsets.UTF_16BE);
    if (decoded.isEmpty() || decoded.get().chars().anyMatch(c -> c >= 0x20 && c < 0x7F)) {
      return false;
    }
    text.append(decoded.get());
    return true;
  }

  /** Whether the text is the canonical encoding of these octets, unused bits clear. */
  private static boolean canonical(byte[] utf16, String base64) {
    return utf16.length % 2 == 0
        && Arrays.equals(base64(utf16), base64.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] base64(byte[] utf16) {
    byte[] base64 = Base64.getEncoder().withoutPadding().encode(utf16);
    for (int i = 0; i < base64.length; i++) {
      if (base64[i] == '/') {
        base64[i] = ',';
      }
    }
    return base64;
  }

  /** Encodes a name in modified UTF-7. */
  public static String encode(MailboxName name) {
    return encode(name.value());
  }

  /**
   * Encodes a text in modified UTF-7, in its one canonical form: printable ASCII as itself, shifts
   * as few and as long as possible.
   *
   * @param text without unpaired surrogates
   */
  public static String encode(String text) {
    var encoded = new StringBuilder(text.length() + 16);
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (isPrintable(c)) {
        encoded.append(c == '&' ? "&-" : String.valueOf(c));
        at++;
        continue;
      }
      int end = at + 1;
      while (end < text.length() && !isPrintable(text.charAt(end))) {
        end++;
      }
      var utf16 = text.substring(at, end).getBytes(StandardCharsets.UTF_16BE);
      encoded.append('&').append(new String(base64(utf16), StandardCharsets.US_ASCII)).append('-');
      at = end;
    }
    return encoded.toString();
  }

  private static boolean isPrintable(char c) {
    return c >= 0x20 && c < 0x7F;
  }
}
