package io.postern.sessions;

import java.util.ArrayList;
import java.util.List;

/** Reads fields of IMAP data from an answer, or from a script's expectation of one. */
final class NodeParser {
  private static final String OPEN = "{{{";
  private static final String CLOSE = "}}}";

  private final String text;
  private int at;

  NodeParser(String text) {
    this.text = text;
  }

  /** All fields up to the end. */
  static List<Node> fields(String text) {
    var parser = new NodeParser(text);
    var fields = parser.until('\0');
    if (parser.at < text.length()) {
      throw new IllegalArgumentException("this is no IMAP data: " + text);
    }
    return fields;
  }

  private List<Node> until(char end) {
    var items = new ArrayList<Node>();
    while (at < text.length() && text.charAt(at) != end) {
      if (text.charAt(at) == ' ') {
        at++;
      } else {
        items.add(one());
      }
    }
    return items;
  }

  private Node one() {
    return switch (text.charAt(at)) {
      case '(' -> list();
      case '"' -> quoted();
      case '{' -> literal();
      case '~' -> literal8();
      case ')' -> throw new IllegalArgumentException("a parenthesis too many: " + text);
      default -> word();
    };
  }

  private Node list() {
    at++;
    var items = until(')');
    if (at >= text.length()) {
      throw new IllegalArgumentException("a parenthesis stays open: " + text);
    }
    at++;
    return new Node.Row(items);
  }

  private Node quoted() {
    var octets = new StringBuilder();
    for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
      if (text.charAt(at) == '\\') {
        at++;
      }
      octets.append(text.charAt(at));
    }
    if (at >= text.length()) {
      throw new IllegalArgumentException("a quoted string stays open: " + text);
    }
    at++;
    return new Node.Text(octets.toString());
  }

  /** RFC 3516 §4.3: a string, too. */
  private Node literal8() {
    if (!text.startsWith("{", at + 1)) {
      return word();
    }
    at++;
    return literal();
  }

  private Node literal() {
    if (text.startsWith(OPEN, at)) {
      var end = text.indexOf(CLOSE, at);
      var octets = text.substring(at + OPEN.length(), end);
      at = end + CLOSE.length();
      return new Node.Text(octets);
    }
    var end = text.indexOf('}', at);
    if (end < 0 || !text.startsWith("\r\n", end + 1)) {
      return word();
    }
    var from = end + 3;
    var length = Integer.parseInt(text.substring(at + 1, end));
    at = from + length;
    return new Node.Text(text.substring(from, at));
  }

  /** A word extends to the next space or parenthesis that no bracket encloses. */
  private Node word() {
    var from = at;
    var brackets = 0;
    while (at < text.length()) {
      var c = text.charAt(at);
      if (brackets == 0 && (c == ' ' || c == '(' || c == ')')) {
        break;
      }
      brackets += c == '[' ? 1 : c == ']' && brackets > 0 ? -1 : 0;
      at++;
    }
    var word = text.substring(from, at);
    return word.equals("...") ? new Node.Rest() : new Node.Word(word);
  }
}
