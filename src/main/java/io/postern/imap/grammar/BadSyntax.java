package io.postern.imap.grammar;

/**
 * The command is not what the grammar says. Its message can stand in a BAD line as it is: printable
 * ASCII, at most {@link #MAX_MESSAGE} characters.
 */
public final class BadSyntax extends Exception {
  /** How long a message can be. */
  public static final int MAX_MESSAGE = 200;

  private static final long serialVersionUID = 1L;

  private final long position;

  /**
   * @param what what was being read, as "a mailbox name"
   * @param position the octet where it should have been, the command's first being 1; literals
   *     count with their octets, their announcements not at all
   */
  public BadSyntax(String what, long position) {
    super(printable("expected " + what + " at octet " + position), null, false, false);
    this.position = position;
  }

  /** The octet that did not fit, the command's first being 1. */
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
