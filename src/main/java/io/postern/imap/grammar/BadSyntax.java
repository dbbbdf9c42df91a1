package io.postern.imap.grammar;

import java.util.Optional;

/**
 * A command does not match the grammar. The message can be used in a BAD response: printable ASCII,
 * at most {@link #MAX_MESSAGE} characters.
 */
public final class BadSyntax extends Exception {
  /** Longest message, in characters. */
  public static final int MAX_MESSAGE = 200;

  private static final long serialVersionUID = 1L;

  private final long position;
  private final String code;

  /**
   * @param what the expected element, as "a mailbox name"
   * @param position where it was expected, the command's first octet being 1; the octets of
   *     literals count, their announcements do not
   */
  public BadSyntax(String what, long position) {
    this(what, position, "");
  }

  /** The same with a response code that has no arguments, in capitals. */
  public BadSyntax(String what, long position, String code) {
    super(printable("expected " + what + " at octet " + position), null, false, false);
    this.position = position;
    this.code = code;
  }

  /** The code of the BAD response; empty for none. */
  public Optional<String> code() {
    return Optional.of(code).filter(it -> !it.isEmpty());
  }

  /** Position of the octet that did not match, the command's first being 1. */
  public long position() {
    return position;
  }

  private static String printable(String text) {
    var safe = new StringBuilder(Math.min(text.length(), MAX_MESSAGE));
    for (int i = 0; i < text.length() && i < MAX_MESSAGE; i++) {
      char c = text.charAt(i);
      safe.append(c >= ' ' && c < 0x7F ? c : '?');
    }
    return safe.toString();
  }
}
