package io.postern.sessions;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** Whether a response is one that the grammar has (RFC 9051 §9 and the extensions' grammars). */
final class ResponseSyntax {
  private static final Set<String> NUMBERED =
      Set.of("EXISTS", "RECENT", "EXPUNGE", "FETCH", "UIDFETCH");

  private static final Set<String> NAMED =
      Set.of(
          "CAPABILITY",
          "ENABLED",
          "FLAGS",
          "SEARCH",
          "ESEARCH",
          "SORT",
          "THREAD",
          "LIST",
          "LSUB",
          "XLIST",
          "STATUS",
          "VANISHED",
          "NAMESPACE",
          "ACL",
          "LISTRIGHTS",
          "MYRIGHTS",
          "QUOTA",
          "QUOTAROOT",
          "METADATA",
          "ID",
          "LANGUAGE",
          "COMPARATOR",
          "UIDBATCHES",
          "EXPUNGE");

  private ResponseSyntax() {}

  /**
   * Fails with the reason unless the untagged data is well formed.
   *
   * @param text the response behind its asterisk
   */
  static void check(String text, boolean utf8) {
    spaces(text, utf8);
    var fields = NodeParser.fields(text);
    var first = fields.isEmpty() ? "" : word(fields.getFirst());
    if (isNumber(first)) {
      must(fields.size() > 1 && NUMBERED.contains(word(fields.get(1))), "a numbered response");
      numbered(fields);
      return;
    }
    must(NAMED.contains(first), "a response of this name");
    switch (first) {
      case "SEARCH" -> search(fields);
      case "VANISHED" -> vanished(fields);
      case "LIST", "LSUB", "XLIST" ->
          must(fields.size() >= 4 && isList(fields.get(1)) && isName(fields.get(3)), "LIST data");
      case "STATUS" ->
          must(fields.size() == 3 && isName(fields.get(1)) && isList(fields.get(2)), "STATUS data");
      default ->
          must(fields.size() > 1 || Set.of("ENABLED", "SORT", "THREAD").contains(first), first);
    }
  }

  private static void numbered(List<Node> fields) {
    switch (word(fields.get(1))) {
      case "FETCH", "UIDFETCH" -> {
        must(fields.size() == 3 && fields.get(2) instanceof Node.Row, "a list of items");
        items(((Node.Row) fields.get(2)).items());
      }
      default -> must(fields.size() == 2, "nothing behind the name");
    }
  }

  private static void items(List<Node> items) {
    must(!items.isEmpty() && items.size() % 2 == 0, "pairs of items and values");
    var names = new HashSet<String>();
    for (var at = 0; at < items.size(); at += 2) {
      var name = word(items.get(at));
      must(!name.isEmpty() && names.add(name), "each item once");
      must(value(name).test(items.get(at + 1)), "a value of " + name);
    }
  }

  private static Predicate<Node> value(String item) {
    return switch (item) {
      case "UID", "RFC822.SIZE" -> node -> isNumber(word(node));
      case "MODSEQ" ->
          node ->
              node instanceof Node.Row(var one)
                  && one.size() == 1
                  && isNumber(word(one.getFirst()));
      case "FLAGS" ->
          node ->
              node instanceof Node.Row(var flags)
                  && flags.stream().allMatch(ResponseSyntax::isFlag);
      case "ENVELOPE" -> node -> node instanceof Node.Row(var fields) && fields.size() == 10;
      case "BODY", "BODYSTRUCTURE", "EMAILID" -> ResponseSyntax::isList;
      case "INTERNALDATE" -> node -> node instanceof Node.Text(var date) && date.length() == 26;
      default ->
          node ->
              item.startsWith("BINARY.SIZE")
                  ? isNumber(word(node))
                  : isList(node) || node instanceof Node.Text || word(node).equals("NIL");
    };
  }

  private static void search(List<Node> fields) {
    for (var at = 1; at < fields.size(); at++) {
      var last = at + 1 == fields.size() && isList(fields.get(at));
      must(last || isNumber(word(fields.get(at))), "numbers of messages");
    }
  }

  private static void vanished(List<Node> fields) {
    var earlier = fields.size() == 3 && isList(fields.get(1));
    must(
        (earlier || fields.size() == 2) && word(fields.getLast()).matches("[1-9][0-9:,]*"),
        "a set of UIDs");
  }

  /** One space between two fields, none at the ends of lists, strings of allowed octets. */
  private static void spaces(String text, boolean utf8) {
    var before = ' ';
    for (var at = 0; at < text.length(); at++) {
      var c = text.charAt(at);
      must(c != ' ' || (before != ' ' && before != '('), "one space between two fields");
      must(c != ')' || before != ' ', "no space before a parenthesis");
      if (c == '"') {
        at = quoted(text, at, utf8);
      } else if (c == '{' && text.substring(at).matches("(?s)\\{[0-9]+}\r\n.*")) {
        var end = text.indexOf('}', at);
        at = end + 2 + Integer.parseInt(text.substring(at + 1, end));
      } else {
        must(c > 0x1f && c < 0x7f, "printable octets");
      }
      before = c;
    }
    must(before != ' ', "no space at the end");
  }

  private static int quoted(String text, int from, boolean utf8) {
    for (var at = from + 1; at < text.length(); at++) {
      var c = text.charAt(at);
      if (c == '"') {
        return at;
      }
      must(c != '\r' && c != '\n' && c != 0 && (c < 0x80 || utf8), "octets of a quoted string");
      if (c == '\\') {
        at++;
        must(at < text.length() && "\"\\".indexOf(text.charAt(at)) >= 0, "an escaped octet");
      }
    }
    throw new AssertionError("malformed: a string stays open");
  }

  static String word(Node node) {
    return node instanceof Node.Word(var text) ? text.toUpperCase(Locale.ROOT) : "";
  }

  static boolean isNumber(String word) {
    return !word.isEmpty() && word.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean isList(Node node) {
    return node instanceof Node.Row;
  }

  private static boolean isName(Node node) {
    return node instanceof Node.Text || !word(node).isEmpty();
  }

  private static boolean isFlag(Node node) {
    return word(node).matches("\\\\?[^\\\\(){%*\"\\] ]+");
  }

  private static void must(boolean well, String wanted) {
    if (!well) {
      throw new AssertionError("malformed: no " + wanted);
    }
  }
}
