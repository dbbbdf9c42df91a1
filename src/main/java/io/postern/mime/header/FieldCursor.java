package io.postern.mime.header;

/**
 * A cursor over a header field's unfolded value: white space, comments, quoted strings (RFC 5322
 * §3.2). Octets are chars 0 to 255. The end of the value closes an open comment or string.
 */
public final class FieldCursor {
  private final String text;
  private int at;
  private String comment = "";

  public FieldCursor(String text) {
    this.text = text;
  }

  public boolean done() {
    return at >= text.length();
  }

  /** The next char, or NUL at the end. */
  public char peek() {
    return done() ? 0 : text.charAt(at);
  }

  public char next() {
    return text.charAt(at++);
  }

  public int position() {
    return at;
  }

  public void back(int position) {
    at = position;
  }

  /** The text of the last comment skipped since the previous call; empty if there was none. */
  public String takeComment() {
    var taken = comment;
    comment = "";
    return taken;
  }

  /** Skips white space and comments; returns whether there were any. */
  public boolean skipCfws() { // RFC 5322 §3.2.2
    int start = at;
    while (!done()) {
      char c = text.charAt(at);
      if (c == '(') {
        comment();
      } else if (isSpace(c)) {
        at++;
      } else {
        break;
      }
    }
    return at > start;
  }

  /** Reads a quoted string whose opening quote is next, and resolves its quoted pairs. */
  public String quoted() { // RFC 5322 §3.2.4
    var content = new StringBuilder();
    at++;
    while (!done()) {
      char c = text.charAt(at++);
      if (c == '"') {
        break;
      }
      content.append(c == '\\' && !done() ? text.charAt(at++) : c);
    }
    return content.toString();
  }

  /** Reads the chars before the first that is one of these, or before the end. */
  public String until(AsciiSet stops) {
    int start = at;
    while (!done() && !stops.contains(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private void comment() {
    var content = new StringBuilder();
    int depth = 0;
    while (!done()) {
      char c = text.charAt(at++);
      if (c == ')' && --depth == 0) {
        break;
      }
      if (c == '(' && depth++ == 0) {
        continue;
      }
      content.append(c == '\\' && !done() ? text.charAt(at++) : c);
    }
    comment = content.toString().strip();
  }

  public static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
