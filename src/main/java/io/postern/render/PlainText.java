package io.postern.render;

/** Converts plain text to other formats. */
final class PlainText {
  private PlainText() {}

  /** As a document in HTML, in which spaces and line ends are kept. */
  static String toHtml(String text) {
    var out = new StringBuilder(text.length() + 256);
    out.append("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n");
    out.append("<div style=\"white-space: pre-wrap\">");
    int at = 0;
    while (at < text.length()) {
      int end = linkEnd(text, at);
      if (end > at) {
        var url = escaped(text.substring(at, end));
        out.append("<a href=\"").append(url).append("\">").append(url).append("</a>");
        at = end;
      } else {
        escape(text.charAt(at++), out);
      }
    }
    return out.append("</div>\n</body></html>\n").toString();
  }

  /** Where a link that begins here ends; here itself if there is none. */
  private static int linkEnd(String text, int at) {
    if (!text.startsWith("https://", at) && !text.startsWith("http://", at)) {
      return at;
    }
    int end = at;
    while (end < text.length() && isOfLink(text.charAt(end))) {
      end++;
    }
    while (end > at && ".,;:!?')]".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return end;
  }

  private static boolean isOfLink(char c) {
    return c > ' ' && c < 0x7F && "<>\"`{}|\\^".indexOf(c) < 0;
  }

  /** Text with the characters replaced that mean something in HTML. */
  static String escaped(String text) {
    var out = new StringBuilder(text.length() + 16);
    text.chars().forEach(c -> escape((char) c, out));
    return out.toString();
  }

  private static void escape(char c, StringBuilder out) {
    switch (c) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '"' -> out.append("&quot;");
      default -> out.append(c);
    }
  }

  /** As enriched text (RFC 1896): a run of line ends has one more there, and "<<" means "<". */
  static String toEnriched(String text) {
    var out = new StringBuilder(text.length() + 64);
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      out.append(c == '<' ? "<<" : String.valueOf(c));
      boolean lastOfRun = at + 1 == text.length() || text.charAt(at + 1) != '\n';
      out.append(c == '\n' && lastOfRun ? "\n" : "");
    }
    return out.toString();
  }
}
