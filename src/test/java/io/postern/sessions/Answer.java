package io.postern.sessions;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One answer of an IMAP server, or what a script expects of one.
 *
 * @param raw as it stood on the line
 * @param tag the tag, {@code *} or {@code +}
 * @param data the fields behind the tag; of a status answer the condition and the code
 * @param words the text behind a status condition; empty in a script that does not care
 * @param open whether a script lets anything follow: {@code ...} at the end
 */
record Answer(String raw, String tag, Node data, String words, boolean open) {
  private static final Set<String> CONDITIONS = Set.of("OK", "NO", "BAD", "BYE", "PREAUTH");

  static Answer parse(String raw) {
    var space = raw.indexOf(' ');
    var tag = space < 0 ? raw : raw.substring(0, space);
    var rest = space < 0 ? "" : raw.substring(space + 1);
    if (tag.equals("+")) {
      return new Answer(raw, tag, new Node.Row(List.of()), withoutDots(rest), dots(rest));
    }
    var end = rest.indexOf(' ');
    var first = (end < 0 ? rest : rest.substring(0, end)).toUpperCase(Locale.ROOT);
    return CONDITIONS.contains(first)
        ? status(raw, tag, first, end < 0 ? "" : rest.substring(end + 1))
        : new Answer(raw, tag, Canonical.of(NodeParser.fields(rest)), "", false);
  }

  private static Answer status(String raw, String tag, String condition, String rest) {
    var name = new Node.Word(condition);
    if (!rest.startsWith("[")) {
      var data = new Node.Row(List.of(name));
      return new Answer(raw, tag, data, withoutDots(rest), dots(rest));
    }
    var end = closing(rest);
    var code = Canonical.of(NodeParser.fields(rest.substring(1, end)));
    var words = rest.substring(end + 1).strip();
    return new Answer(raw, tag, new Node.Row(List.of(name, code)), withoutDots(words), dots(words));
  }

  /** The bracket that closes the code; a quoted string in it may hold brackets. */
  private static int closing(String rest) {
    var quoted = false;
    for (var at = 0; at < rest.length(); at++) {
      var c = rest.charAt(at);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ']' && !quoted) {
        return at;
      }
    }
    throw new IllegalArgumentException("a response code stays open: " + rest);
  }

  private static boolean dots(String text) {
    return text.endsWith("...");
  }

  private static String withoutDots(String text) {
    return dots(text) ? text.substring(0, text.length() - 3).strip() : text;
  }

  boolean tagged() {
    return !tag.equals("*");
  }

  /** The number of an EXPUNGE. */
  Optional<Integer> expunged() {
    return number("EXPUNGE");
  }

  /** Whether it counts recent messages: a server may send that at any time (RFC 3501 §7.3.2). */
  boolean recent() {
    return number("RECENT").isPresent();
  }

  private Optional<Integer> number(String wanted) {
    return data instanceof Node.Row(var items)
            && items.size() == 2
            && items.get(0) instanceof Node.Word(var number)
            && items.get(1) instanceof Node.Word(var kind)
            && kind.equalsIgnoreCase(wanted)
            && number.chars().allMatch(Character::isDigit)
        ? Optional.of(Integer.valueOf(number))
        : Optional.empty();
  }

  /** The same EXPUNGE by another number. */
  Answer expunging(int number) {
    var fields = List.<Node>of(new Node.Word(Integer.toString(number)), new Node.Word("EXPUNGE"));
    return new Answer(raw, tag, new Node.Row(fields), words, open);
  }
}
