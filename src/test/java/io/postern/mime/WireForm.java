package io.postern.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Reads wire forms back by the grammar of RFC 3501 §9 and fails where they leave it. A list is a
 * List, a string is itself behind a quote, NIL and numbers are themselves.
 */
final class WireForm {
  private final String text;
  private int at;

  private WireForm(String text) {
    this.text = text;
  }

  static void checkEnvelope(Buffer wire, long seed) {
    check(read(wire), WireForm::isEnvelope, wire, seed);
  }

  static void checkStructure(Buffer wire, long seed) {
    check(read(wire), WireForm::isBody, wire, seed);
  }

  private static void check(Object value, Predicate<Object> rule, Buffer wire, long seed) {
    if (!rule.test(value)) {
      throw new AssertionError("seed " + seed + ": " + wire.toString(ISO_8859_1));
    }
  }

  private static Object read(Buffer wire) {
    var form = new WireForm(wire.toString(ISO_8859_1));
    var value = form.value();
    if (form.at != form.text.length()) {
      throw new AssertionError("text behind the end: " + form.text.substring(form.at));
    }
    return value;
  }

  private Object value() {
    char c = text.charAt(at);
    return switch (c) {
      case '(' -> list();
      case '"' -> quoted();
      case '{' -> literal();
      default -> word();
    };
  }

  private List<Object> list() {
    var list = new ArrayList<Object>();
    at++;
    while (text.charAt(at) != ')') {
      list.add(value());
      if (text.charAt(at) == ' ') {
        at++;
      }
    }
    at++;
    return list;
  }

  private String quoted() {
    var content = new StringBuilder("'");
    at++;
    while (text.charAt(at) != '"') {
      if (text.charAt(at) == '\\') {
        at++;
      }
      char c = text.charAt(at++);
      if (c == 0 || c == '\r' || c == '\n' || c > 0x7F) {
        throw new AssertionError("no quoted char: " + (int) c);
      }
      content.append(c);
    }
    at++;
    return content.toString();
  }

  private String literal() {
    int end = text.indexOf("}\r\n", at);
    int from = end + 3;
    at = from + Integer.parseInt(text.substring(at + 1, end));
    var content = text.substring(from, at);
    if (content.indexOf(0) >= 0) {
      throw new AssertionError("NUL in a literal");
    }
    return "'" + content;
  }

  private String word() {
    int from = at;
    while (at < text.length() && " ()".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(from, at);
  }

  private static boolean isString(Object value) {
    return value instanceof String s && s.startsWith("'");
  }

  private static boolean isNstring(Object value) {
    return value.equals("NIL") || isString(value);
  }

  private static boolean isNumber(Object value) {
    return value instanceof String s && s.matches("[0-9]+");
  }

  private static boolean isEnvelope(Object value) {
    return value instanceof List<?> list
        && list.size() == 10
        && list.subList(2, 8).stream().allMatch(WireForm::isAddresses)
        && isNstring(list.get(0))
        && isNstring(list.get(1))
        && isNstring(list.get(8))
        && isNstring(list.get(9));
  }

  private static boolean isAddresses(Object value) {
    return value.equals("NIL")
        || (value instanceof List<?> list
            && !list.isEmpty()
            && list.stream()
                .allMatch(
                    a ->
                        a instanceof List<?> address
                            && address.size() == 4
                            && address.stream().allMatch(WireForm::isNstring)));
  }

  private static boolean isBody(Object value) {
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      return false;
    }
    return list.getFirst() instanceof List<?> ? isMultipart(list) : isSingle(list);
  }

  private static boolean isMultipart(List<?> list) {
    int parts = (int) list.stream().takeWhile(v -> v instanceof List<?>).count();
    var rest = list.subList(parts, list.size());
    return list.subList(0, parts).stream().allMatch(WireForm::isBody)
        && isString(rest.getFirst())
        && (rest.size() == 1
            || (rest.size() == 5 && isParameters(rest.get(1)) && isPlacing(rest.subList(2, 5))));
  }

  private static boolean isSingle(List<?> list) {
    boolean basic =
        list.size() >= 7
            && isString(list.get(0))
            && isString(list.get(1))
            && isParameters(list.get(2))
            && isNstring(list.get(3))
            && isNstring(list.get(4))
            && isString(list.get(5))
            && isNumber(list.get(6));
    if (!basic) {
      return false;
    }
    int at = 7;
    if (list.get(0).toString().equalsIgnoreCase("'text")) {
      at = isNumber(list.get(7)) ? 8 : -1;
    } else if (list.get(0).toString().equalsIgnoreCase("'message")
        && list.get(1).toString().equalsIgnoreCase("'rfc822")) {
      at = isEnvelope(list.get(7)) && isBody(list.get(8)) && isNumber(list.get(9)) ? 10 : -1;
    }
    return at == list.size()
        || (at > 0
            && list.size() == at + 4
            && isNstring(list.get(at))
            && isPlacing(list.subList(at + 1, at + 4)));
  }

  private static boolean isParameters(Object value) {
    return value.equals("NIL")
        || (value instanceof List<?> list
            && !list.isEmpty()
            && list.size() % 2 == 0
            && list.stream().allMatch(WireForm::isString));
  }

  private static boolean isPlacing(List<?> rest) {
    var disposition = rest.get(0);
    boolean known =
        disposition.equals("NIL")
            || (disposition instanceof List<?> list
                && list.size() == 2
                && isString(list.get(0))
                && isParameters(list.get(1)));
    boolean languages =
        isNstring(rest.get(1))
            || (rest.get(1) instanceof List<?> tags && tags.stream().allMatch(WireForm::isString));
    return known && languages && isNstring(rest.get(2));
  }
}
