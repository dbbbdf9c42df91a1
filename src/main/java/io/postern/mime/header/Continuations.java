package io.postern.mime.header;

import io.postern.mime.header.MimeValue.Parameter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Joins parameters that are divided into pieces (RFC 2231 §3). The result keeps its percent
 * encoding and, if any piece had it, the asterisk behind its name.
 */
final class Continuations {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private record Piece(Parameter whole, String name, int number, boolean encoded) {}

  private Continuations() {}

  static List<Parameter> join(List<Parameter> parameters) {
    Map<String, SortedMap<Integer, Piece>> sections = new LinkedHashMap<>();
    var joined = new ArrayList<Parameter>();
    for (var parameter : parameters) {
      var piece = piece(parameter);
      if (piece.number() < 0) {
        joined.add(parameter);
      } else {
        var pieces = sections.computeIfAbsent(key(piece), _ -> new TreeMap<>());
        pieces.putIfAbsent(piece.number(), piece);
      }
    }
    sections.values().forEach(pieces -> joined.addAll(join(pieces)));
    return joined;
  }

  private static String key(Piece piece) {
    return piece.name().toLowerCase(Locale.ROOT);
  }

  /** Joins pieces that begin at 0 and have no gap to one parameter; others stay as they are. */
  private static List<Parameter> join(SortedMap<Integer, Piece> pieces) {
    var first = pieces.firstEntry().getValue();
    if (first.number() != 0 || pieces.lastKey() != pieces.size() - 1) {
      return pieces.values().stream().map(Piece::whole).toList();
    }
    boolean encoded = pieces.values().stream().anyMatch(Piece::encoded);
    var value = new StringBuilder(encoded && !first.encoded() ? "''" : "");
    for (var piece : pieces.values()) {
      var text = piece.whole().value();
      value.append(encoded && !piece.encoded() ? percent(text) : text);
    }
    return List.of(new Parameter(first.name() + (encoded ? "*" : ""), value.toString()));
  }

  // RFC 2231 §4.1: name*number or name*number*
  private static Piece piece(Parameter parameter) {
    var name = parameter.name();
    boolean encoded = name.endsWith("*");
    int end = encoded ? name.length() - 1 : name.length();
    int star = name.lastIndexOf('*', end - 1);
    if (star <= 0 || end - star > 4 || end - star < 2) {
      return new Piece(parameter, name, -1, false);
    }
    int number = 0;
    for (int i = star + 1; i < end; i++) {
      int digit = name.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return new Piece(parameter, name, -1, false);
      }
      number = number * 10 + digit;
    }
    return new Piece(parameter, name.substring(0, star), number, encoded);
  }

  private static String percent(String text) {
    var encoded = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c > ' ' && c < 0x7F && "%'*\"();<>@,:\\/[]?=".indexOf(c) < 0;
      if (plain) {
        encoded.append(c);
      } else {
        HEX.toHexDigits(encoded.append('%'), (byte) c);
      }
    }
    return encoded.toString();
  }
}
