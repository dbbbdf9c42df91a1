package io.postern.sessions;

import io.postern.sessions.Script.Closed;
import io.postern.sessions.Script.Expected;
import io.postern.sessions.Script.Hear;
import io.postern.sessions.Script.Line;
import io.postern.sessions.Script.Others;
import java.io.EOFException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads LMTP replies and compares them: one after the other, the lines within one in any order (RFC
 * 5321 §4.2).
 */
final class LmtpMatcher {
  private final ScriptClient scriptClient;
  private final Bindings bindings;
  private final Instant until;

  LmtpMatcher(ScriptClient scriptClient, Bindings bindings, Instant until) {
    this.scriptClient = scriptClient;
    this.bindings = bindings;
    this.until = until;
  }

  void run(Hear hear) {
    var reply = new ArrayList<Expected>();
    for (var expected : hear.lines()) {
      reply.add(expected);
      if (ends(expected)) {
        hear(reply);
        reply.clear();
      }
    }
  }

  private static boolean ends(Expected expected) {
    return switch (expected) {
      case Others _ -> false;
      case Closed _ -> true;
      case Line line -> line.text().length() < 4 || line.text().charAt(3) != '-';
    };
  }

  private void hear(List<Expected> expected) {
    var got = new ArrayList<String>();
    try {
      do {
        got.add(scriptClient.line(until));
      } while (got.getLast().length() > 3 && got.getLast().charAt(3) == '-');
      scriptClient.between(true);
    } catch (EOFException e) {
      got.add("<closed>");
    } catch (IOException e) {
      throw failure("nothing more came", expected, got);
    }
    var left = new ArrayList<>(got);
    var others = false;
    for (var line : expected) {
      others |= line instanceof Others;
      if (!(line instanceof Others) && !left.removeIf(there -> matches(line, there))) {
        throw failure("a reply stayed away", expected, got);
      }
    }
    if (!others && !left.isEmpty()) {
      throw failure("unexpected: " + left, expected, got);
    }
  }

  private boolean matches(Expected expected, String got) {
    return switch (expected) {
      case Others _ -> true;
      case Closed _ -> got.equals("<closed>");
      case Line line -> {
        var text = plain(bindings.fill(line.text()));
        var there = plain(got);
        yield text.endsWith("...")
            ? there.startsWith(text.substring(0, text.length() - 3).strip())
            : there.equals(text);
      }
    };
  }

  private static String plain(String line) {
    var plain = line.length() > 3 && line.charAt(3) == '-' ? line.replaceFirst("-", " ") : line;
    return plain.toLowerCase(Locale.ROOT);
  }

  private static AssertionError failure(String what, List<Expected> expected, List<String> got) {
    return new AssertionError(what + "\n  expected: " + expected + "\n  got: " + got);
  }
}
