package io.postern.sessions;

import io.postern.sessions.Script.Closed;
import io.postern.sessions.Script.Hear;
import io.postern.sessions.Script.Line;
import io.postern.sessions.Script.Others;
import java.io.EOFException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads POP3 responses and compares them, line by line in order (RFC 1939 §3). */
final class Pop3Matcher {
  private final ScriptClient scriptClient;
  private final Bindings bindings;
  private final Instant until;
  private final List<String> got = new ArrayList<>();

  Pop3Matcher(ScriptClient scriptClient, Bindings bindings, Instant until) {
    this.scriptClient = scriptClient;
    this.bindings = bindings;
    this.until = until;
  }

  void run(Hear hear) {
    boolean others = false;
    for (var expected : hear.lines()) {
      switch (expected) {
        case Others _ -> others = true;
        case Closed _ -> {
          closed(others);
          others = false;
        }
        case Line line -> {
          for (var text : texts(line)) {
            hear(line, text, others);
            others = false;
          }
        }
      }
    }
    scriptClient.between(true);
  }

  /** A block in threefold braces stands for each of its lines. */
  private static List<String> texts(Line line) {
    var text = line.text();
    if (!text.startsWith(LineParts.OPEN)) {
      return List.of(text);
    }
    var inside = text.substring(LineParts.OPEN.length(), text.lastIndexOf(LineParts.CLOSE));
    var lines = inside.endsWith("\r\n") ? inside.substring(0, inside.length() - 2) : inside;
    return List.of(lines.split("\r\n", -1));
  }

  private void hear(Line line, String expected, boolean others) {
    var there = next(line);
    while (others && !matches(expected, there)) {
      there = next(line);
    }
    if (!matches(expected, there)) {
      throw failure(line, expected);
    }
  }

  private String next(Line line) {
    try {
      got.add(scriptClient.line(until));
      return got.getLast();
    } catch (IOException e) {
      got.add(e instanceof EOFException ? "<closed>" : "nothing more came");
      throw failure(line, line.text());
    }
  }

  private void closed(boolean others) {
    try {
      do {
        got.add(scriptClient.line(until));
      } while (others);
    } catch (EOFException _) {
      return;
    } catch (IOException e) {
      got.add(e.toString());
    }
    throw new AssertionError("the server does not close\n  got: " + got);
  }

  /** Word by word: {@code $name} binds or agrees, {@code ...} at the end is whatever else. */
  private boolean matches(String expected, String there) {
    var open = expected.endsWith("...");
    var wanted = (open ? expected.substring(0, expected.length() - 3).strip() : expected);
    var words = wanted.split(" ", -1);
    var found = there.split(" ", -1);
    if (open ? found.length < words.length : found.length != words.length) {
      return false;
    }
    var trial = bindings.copy();
    for (int i = 0; i < words.length; i++) {
      var name = Bindings.name(words[i]);
      if (name.isPresent() && trial.get(name.get()).isEmpty()) {
        trial.set(name.get(), found[i]);
      } else if (!words[i].equals("$_") && !trial.fill(words[i]).equals(found[i])) {
        return false;
      }
    }
    bindings.takeOver(trial);
    return true;
  }

  private AssertionError failure(Line line, String expected) {
    return new AssertionError(
        "line " + line.line() + "\n  expected: " + expected + "\n  got: " + got);
  }
}
