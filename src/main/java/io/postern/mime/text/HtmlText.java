package io.postern.mime.text;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The text that HTML shows, roughly: without tags, comments, style sheets and scripts; tags that
 * begin a line or a cell are spaces. Takes time linear in the HTML, which may be cut anywhere.
 */
final class HtmlText {
  /** Elements whose content is not shown. */
  private static final Set<String> HIDDEN = Set.of("head", "script", "style", "title", "template");

  private static final Set<String> INLINE =
      Set.of(
          "a", "abbr", "b", "em", "font", "i", "s", "small", "span", "strong", "sub", "sup", "u");

  /** Characters by the names of their references, those that mails use most. */
  private static final Map<String, String> NAMED =
      Map.ofEntries(
          Map.entry("amp", "&"),
          Map.entry("lt", "<"),
          Map.entry("gt", ">"),
          Map.entry("quot", "\""),
          Map.entry("apos", "'"),
          Map.entry("nbsp", " "),
          Map.entry("zwnj", ""),
          Map.entry("shy", ""),
          Map.entry("hellip", "\u2026"),
          Map.entry("mdash", "\u2014"),
          Map.entry("ndash", "\u2013"),
          Map.entry("rsquo", "\u2019"),
          Map.entry("lsquo", "\u2018"),
          Map.entry("rdquo", "\u201D"),
          Map.entry("ldquo", "\u201C"),
          Map.entry("euro", "\u20AC"),
          Map.entry("copy", "\u00A9"),
          Map.entry("auml", "\u00E4"),
          Map.entry("ouml", "\u00F6"),
          Map.entry("uuml", "\u00FC"),
          Map.entry("Auml", "\u00C4"),
          Map.entry("Ouml", "\u00D6"),
          Map.entry("Uuml", "\u00DC"),
          Map.entry("szlig", "\u00DF"),
          Map.entry("eacute", "\u00E9"),
          Map.entry("egrave", "\u00E8"));

  /** Longest reference to a character. */
  private static final int MAX_REFERENCE = 12;

  private final String html;
  private final StringBuilder text = new StringBuilder();
  private int at;

  private HtmlText(String html) {
    this.html = html;
  }

  /** The text of HTML. */
  static String of(String html) {
    var reader = new HtmlText(html);
    while (reader.at < html.length()) {
      reader.step();
    }
    return reader.text.toString();
  }

  private void step() {
    char c = html.charAt(at);
    if (c == '<') {
      tag();
    } else if (c == '&') {
      reference();
    } else {
      text.append(c);
      at++;
    }
  }

  private void tag() {
    if (html.startsWith("<!--", at)) {
      at = behind("-->", at + 4);
      return;
    }
    var name = name(html.startsWith("/", at + 1) ? at + 2 : at + 1);
    boolean opens = !name.isEmpty() && html.charAt(at + 1) != '/';
    if (name.isEmpty() && !html.startsWith("!", at + 1) && !html.startsWith("?", at + 1)) {
      text.append(html.charAt(at++));
      return;
    }
    at = behind(">", at);
    if (!INLINE.contains(name)) {
      text.append(' ');
    }
    if (opens && HIDDEN.contains(name)) {
      skipTo("</" + name);
    }
  }

  private String name(int from) {
    int end = from;
    while (end < html.length() && end - from <= MAX_REFERENCE && isNameChar(html.charAt(end))) {
      end++;
    }
    return html.substring(Math.min(from, end), end).toLowerCase(Locale.ROOT);
  }

  private static boolean isNameChar(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /** The place behind the next such text; the end when there is none. */
  private int behind(String end, int from) {
    int found = html.indexOf(end, from);
    return found < 0 ? html.length() : found + end.length();
  }

  private void skipTo(String tag) {
    while (at < html.length() && !html.regionMatches(true, at, tag, 0, tag.length())) {
      at++;
    }
  }

  private void reference() {
    int end = html.indexOf(';', at);
    var name = end < 0 || end - at > MAX_REFERENCE ? "" : html.substring(at + 1, end);
    var meant = name.startsWith("#") ? numbered(name) : NAMED.getOrDefault(name, "");
    if (meant.isEmpty() && !NAMED.containsKey(name)) {
      text.append(html.charAt(at++));
    } else {
      text.append(meant);
      at = end + 1;
    }
  }

  /** The character of a number; empty when there is none. */
  private static String numbered(String name) {
    boolean hexadecimal = name.startsWith("#x") || name.startsWith("#X");
    try {
      int number = Integer.parseInt(name.substring(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10);
      return Character.isValidCodePoint(number) ? Character.toString(number) : "";
    } catch (NumberFormatException _) {
      return "";
    }
  }
}
