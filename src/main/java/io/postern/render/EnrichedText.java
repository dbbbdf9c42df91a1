package io.postern.render;

import java.util.Locale;
import java.util.Map;

/**
 * Converts enriched text (RFC 1896) to plain text and HTML: line ends, and of the commands those
 * that HTML has an element for. Others are left out, their text stays. One pass, linear.
 */
final class EnrichedText {
  private static final int MAX_COMMAND = 60;

  private static final Map<String, String> ELEMENTS =
      Map.of(
          "bold", "b",
          "italic", "i",
          "underline", "u",
          "fixed", "tt",
          "excerpt", "blockquote",
          "paraindent", "blockquote",
          "smaller", "small",
          "bigger", "big");

  private final String text;
  private final boolean html;
  private final StringBuilder out = new StringBuilder();
  private int at;
  private int noFill;

  /** Whether the text is that of a parameter. */
  private boolean inParameter;

  private EnrichedText(String text, boolean html) {
    this.text = text;
    this.html = html;
  }

  static String toPlain(String text) {
    return new EnrichedText(text, false).convert();
  }

  static String toHtml(String text) {
    return "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n"
        + new EnrichedText(text, true).convert()
        + "\n</body></html>\n";
  }

  private String convert() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '<') {
        command();
      } else if (c == '\n') {
        lineEnds();
      } else {
        at++;
        show(c);
      }
    }
    return out.toString();
  }

  private void show(char c) {
    if (!inParameter) {
      out.append(html ? PlainText.escaped(String.valueOf(c)) : String.valueOf(c));
    }
  }

  /** RFC 1896: a single line end is a space, each further one a line end. */
  private void lineEnds() {
    int count = 0;
    while (at < text.length() && text.charAt(at) == '\n') {
      at++;
      count++;
    }
    if (inParameter) {
      return;
    }
    int shown = noFill > 0 ? count : count - 1;
    out.append(shown == 0 ? " " : (html ? "<br>\n" : "\n").repeat(shown));
  }

  private void command() {
    if (text.startsWith("<<", at)) {
      at += 2;
      show('<');
      return;
    }
    int end = text.indexOf('>', at);
    if (end < 0 || end - at > MAX_COMMAND) {
      at++;
      show('<');
      return;
    }
    boolean closing = text.startsWith("</", at);
    var name = text.substring(at + (closing ? 2 : 1), end).toLowerCase(Locale.ROOT);
    at = end + 1;
    switch (name) {
      case "param" -> inParameter = !closing;
      case "nofill" -> noFill = Math.max(0, noFill + (closing ? -1 : 1));
      case "nl" -> out.append(html ? "<br>\n" : "\n");
      default -> element(name, closing);
    }
  }

  private void element(String name, boolean closing) {
    var element = ELEMENTS.get(name);
    if (html && element != null) {
      out.append(closing ? "</" : "<").append(element).append('>');
    }
  }
}
