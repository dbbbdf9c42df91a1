package io.postern.mime.header;

import java.util.ArrayList;
import java.util.List;

/** Reads the message ids of a field (RFC 5322 §3.6.4), in one spelling for each id. */
public final class MessageIds {
  private MessageIds() {}

  /**
   * The valid ids in their order, without angle brackets, quotes taken off where they change
   * nothing (RFC 5256, REFERENCES).
   *
   * @param value the field's, unfolded or not
   */
  public static List<String> read(String value) {
    var ids = new ArrayList<String>();
    int open = value.indexOf('<');
    while (open >= 0) {
      int end = open + 1;
      var id = new StringBuilder();
      boolean quoted = false;
      while (end < value.length()
          && (quoted || (value.charAt(end) != '>' && value.charAt(end) != '<'))) {
        char c = value.charAt(end++);
        if (c == '"') {
          quoted = !quoted;
        } else if (c == '\\' && quoted && end < value.length()) {
          id.append(value.charAt(end++));
        } else if (quoted || c > ' ') {
          id.append(c);
        }
      }
      boolean closed = end < value.length() && value.charAt(end) == '>';
      int at = id.lastIndexOf("@");
      if (closed && at > 0 && at < id.length() - 1) {
        ids.add(id.toString());
      }
      open = value.indexOf('<', closed ? end + 1 : Math.max(end, open + 1));
    }
    return ids;
  }
}
