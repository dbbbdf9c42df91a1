package io.postern.sessions;

import io.postern.sessions.Script.Literal;
import io.postern.sessions.Script.Piece;
import io.postern.sessions.Script.Plain;
import java.util.ArrayList;
import java.util.List;

/** The parts of a line in a script: plain text and literals in threefold braces. */
final class LineParts {
  static final String OPEN = "{{{";
  static final String CLOSE = "}}}";

  private LineParts() {}

  /** Splits a client's line; a {@code +} before the braces makes a literal that does not wait. */
  static List<Piece> of(String line) {
    var pieces = new ArrayList<Piece>();
    var at = 0;
    for (var open = line.indexOf(OPEN); open >= 0; open = line.indexOf(OPEN, at)) {
      var end = line.indexOf(CLOSE, open);
      if (end < 0) {
        throw new IllegalArgumentException("a literal stays open: " + line);
      }
      var hasty = open > at && line.charAt(open - 1) == '+';
      pieces.add(new Plain(octets(line.substring(at, hasty ? open - 1 : open))));
      pieces.add(new Literal(octets(line.substring(open + OPEN.length(), end)), !hasty));
      at = end + CLOSE.length();
    }
    pieces.add(new Plain(octets(line.substring(at))));
    return List.copyOf(pieces);
  }

  /** The text with each {@code \xHH} made the octet it stands for. */
  static String octets(String text) {
    var octets = new StringBuilder();
    for (var at = 0; at < text.length(); at++) {
      if (text.startsWith("\\x", at) && at + 4 <= text.length() && hex(text, at + 2) >= 0) {
        octets.append((char) hex(text, at + 2));
        at += 3;
      } else {
        octets.append(text.charAt(at));
      }
    }
    return octets.toString();
  }

  private static int hex(String text, int at) {
    var high = Character.digit(text.charAt(at), 16);
    var low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }
}
