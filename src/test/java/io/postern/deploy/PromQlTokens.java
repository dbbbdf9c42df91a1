package io.postern.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Cuts an expression into words; the end is an empty one. */
final class PromQlTokens {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:#[^\\n]*\\s*)*([A-Za-z_:][\\w:]*|\\d+[smhdw]|\\d+(?:\\.\\d+)?"
              + "|\"(?:[^\"\\\\]|\\\\.)*\"|=~|!~|!=|==|>=|<=|[-+*/<>=(){}\\[\\],])");

  private final List<String> tokens = new ArrayList<>();
  private int next;

  PromQlTokens(String text) {
    var matcher = TOKEN.matcher(text);
    int end = 0;
    while (end < text.length() && matcher.region(end, text.length()).lookingAt()) {
      tokens.add(matcher.group(1));
      end = matcher.end();
    }
    if (!text.substring(end).isBlank()) {
      throw new IllegalArgumentException("unknown: " + text.substring(end));
    }
  }

  /** The next one, which stays. */
  String peek() {
    return next < tokens.size() ? tokens.get(next) : "";
  }

  /** The next one, which is taken. */
  String take() {
    var token = peek();
    if (token.isEmpty()) {
      throw new IllegalArgumentException("the expression ends early: " + tokens);
    }
    next++;
    return token;
  }

  /** Takes the next one if it is this. */
  boolean skip(String wanted) {
    if (!peek().equals(wanted)) {
      return false;
    }
    next++;
    return true;
  }

  /** Takes this one. */
  void expect(String wanted) {
    if (!skip(wanted)) {
      throw new IllegalArgumentException(wanted + " is missing before " + peek() + ": " + tokens);
    }
  }

  /** The content of the string that is next. */
  String string() {
    var token = take();
    if (!token.startsWith("\"")) {
      throw new IllegalArgumentException(token + " is no string: " + tokens);
    }
    return token.substring(1, token.length() - 1).replaceAll("\\\\(.)", "$1");
  }

  boolean ended() {
    return peek().isEmpty();
  }
}
