package io.postern.render;

import java.util.Locale;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/**
 * Converts HTML to plain text and to enriched text (RFC 1896): the text with its paragraphs, lists,
 * tables, quotations and the targets of links; in enriched text also bold, italic, underlined and
 * fixed. Nothing is loaded and no script runs. Cost is linear in the text.
 */
final class HtmlText implements NodeVisitor {
  private static final Set<String> HIDDEN =
      Set.of("head", "script", "style", "title", "template", "noscript", "object", "svg");
  private static final Set<String> PARAGRAPHS =
      Set.of("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "pre");
  private static final Set<String> LINES =
      Set.of("div", "tr", "li", "dt", "dd", "table", "section", "article", "header", "footer");

  /** Levels of quotation that are shown. */
  private static final int MAX_QUOTES = 20;

  private final boolean enriched;
  private final StringBuilder out = new StringBuilder();

  /** Line ends that stand before the next text. */
  private int lineEnds;

  private boolean space;
  private int hidden;
  private int preformatted;
  private int quoted;

  /** The level of quotation of the text before. */
  private int quotedBefore;

  private HtmlText(boolean enriched) {
    this.enriched = enriched;
  }

  static String toPlain(String html) {
    return convert(html, false);
  }

  static String toEnriched(String html) {
    return convert(html, true);
  }

  private static String convert(String html, boolean enriched) {
    var text = new HtmlText(enriched);
    NodeTraversor.traverse(text, Jsoup.parse(html));
    return text.out.append(enriched ? "\n\n" : "\n").toString();
  }

  @Override
  public void head(Node node, int depth) {
    if (node instanceof TextNode text) {
      text(text.getWholeText());
    } else if (node instanceof Element element) {
      var name = element.normalName();
      hidden += HIDDEN.contains(name) || isHidden(element) ? 1 : 0;
      begin(element, name);
    }
  }

  @Override
  public void tail(Node node, int depth) {
    if (node instanceof Element element) {
      var name = element.normalName();
      end(element, name);
      hidden -= HIDDEN.contains(name) || isHidden(element) ? 1 : 0;
    }
  }

  private static boolean isHidden(Element element) {
    var style = element.attr("style");
    return !style.isEmpty()
        && style.toLowerCase(Locale.ROOT).replace(" ", "").contains("display:none");
  }

  private void begin(Element element, String name) {
    separate(name);
    switch (name) {
      case "br" -> lineEnds = Math.min(lineEnds + 1, 2);
      case "hr" -> rule();
      case "li" -> append("* ");
      case "td", "th" -> space = true;
      case "img" -> text(element.attr("alt"));
      case "blockquote" -> quoted++;
      case "pre" -> preformatted++;
      default -> {}
    }
    mark(name, false);
  }

  private void end(Element element, String name) {
    mark(name, true);
    switch (name) {
      case "a" -> target(element);
      case "blockquote" -> quoted--;
      case "pre" -> preformatted--;
      default -> {}
    }
    separate(name);
  }

  private void separate(String name) {
    if (hidden == 0 && PARAGRAPHS.contains(name)) {
      lineEnds = Math.max(lineEnds, 2);
    } else if (hidden == 0 && LINES.contains(name)) {
      lineEnds = Math.max(lineEnds, 1);
    }
  }

  private void rule() {
    lineEnds = Math.max(lineEnds, 1);
    append("-".repeat(40));
    lineEnds = 1;
  }

  /** The target of a link, where its text does not show it. */
  private void target(Element link) {
    var target = link.attr("href").strip();
    boolean leads = target.matches("(?is)(https?|mailto|tel):.*");
    if (leads && !link.text().strip().equals(target.replaceFirst("(?i)^(mailto|tel):", ""))) {
      space = true;
      append("<" + target.replaceAll("\\s", "") + ">");
    }
  }

  private void text(String text) {
    if (preformatted > 0) {
      lines(text);
      return;
    }
    var word = new StringBuilder();
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == ' ' || (c >= '\t' && c <= '\r')) {
        word(word);
        space = true;
      } else {
        word.append(c == '\u00A0' ? ' ' : c);
      }
    }
    word(word);
  }

  private void word(StringBuilder word) {
    if (!word.isEmpty()) {
      append(word.toString());
      word.setLength(0);
    }
  }

  private void lines(String text) {
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf('\n', at);
      int to = end < 0 ? text.length() : end;
      if (to > at) {
        append(text.substring(at, to).replace("\r", ""));
      }
      lineEnds += end < 0 ? 0 : 1;
      at = to + 1;
    }
  }

  private void append(String text) {
    if (hidden > 0) {
      return;
    }
    if (out.isEmpty()) {
      out.append(quotes(quoted));
    } else if (lineEnds > 0) {
      endLines();
    } else if (space) {
      out.append(' ');
    }
    lineEnds = 0;
    space = false;
    quotedBefore = quoted;
    out.append(enriched ? text.replace("<", "<<") : text);
  }

  private void endLines() {
    int around = Math.min(quoted, quotedBefore);
    if (around == 0 && quoted == 0) {
      // RFC 1896: a run of line ends has one more than are shown.
      out.append("\n".repeat(enriched ? lineEnds + 1 : lineEnds));
      return;
    }
    for (int left = lineEnds - 1; left >= 0; left--) {
      out.append(enriched ? "\n\n" : "\n");
      out.append(left > 0 ? quotes(around).strip() : quotes(quoted));
    }
  }

  private static String quotes(int level) {
    return "> ".repeat(Math.min(level, MAX_QUOTES));
  }

  /** RFC 1896: commands are balanced and nested, as elements are. */
  private void mark(String name, boolean closing) {
    var command =
        switch (name) {
          case "b", "strong" -> "bold";
          case "i", "em" -> "italic";
          case "u" -> "underline";
          case "tt", "code", "pre" -> "fixed";
          default -> "";
        };
    if (enriched && hidden == 0 && !command.isEmpty()) {
      if (!closing) {
        flushSpace();
      }
      out.append(closing ? "</" : "<").append(command).append('>');
    }
  }

  /** A command begins behind what separates it from the text before. */
  private void flushSpace() {
    if (!out.isEmpty() && lineEnds > 0) {
      endLines();
    } else if (!out.isEmpty() && space) {
      out.append(' ');
    }
    lineEnds = 0;
    space = false;
  }
}
