package io.postern.sessions;

import io.postern.sessions.Script.Closed;
import io.postern.sessions.Script.Line;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads one group of an IMAP server's responses and compares it with the script. */
final class ImapMatcher {
  private final ScriptClient scriptClient;
  private final Group group;
  private final Bindings bindings;
  private final List<Wanted> wanted = new ArrayList<>();
  private final List<String> got = new ArrayList<>();
  private final TreeSet<Integer> removed = new TreeSet<>();

  private record Wanted(Line line, Answer answer) {}

  ImapMatcher(ScriptClient scriptClient, Group group, Bindings bindings) {
    this.scriptClient = scriptClient;
    this.group = group;
    this.bindings = bindings;
    var numbers = new TreeSet<Integer>();
    scriptClient
        .optional()
        .forEach(line -> wanted.add(new Wanted(line, Answer.parse(line.text()))));
    scriptClient.optional().clear();
    for (var line : group.untagged()) {
      for (var answer : scriptClient.dialect().expected(Answer.parse(line.text()))) {
        wanted.add(new Wanted(line, byFirstNumber(answer, numbers)));
      }
    }
  }

  void run(Instant until) {
    try {
      while (!(group.end().isEmpty() && settled())) {
        var raw = scriptClient.answer(until);
        got.add(raw);
        for (var answer : scriptClient.dialect().read(raw)) {
          if (take(answer)) {
            return;
          }
        }
      }
      missing().forEach(scriptClient.optional()::add);
    } catch (EOFException e) {
      got.add("<closed>");
      if (!(group.end().orElse(null) instanceof Closed) || !settled()) {
        throw failure("the server closed the connection");
      }
    } catch (SocketTimeoutException e) {
      throw failure("nothing more came");
    } catch (IOException e) {
      throw failure("the connection broke: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw failure("no IMAP data: " + e.getMessage());
    }
  }

  /** Takes the answer; true when it ends the group. */
  private boolean take(Answer answer) {
    if (answer.tagged()) {
      return takeEnd(answer);
    }
    var canonical = byFirstNumber(answer, removed);
    if (isWanted(canonical)) {
      return false;
    }
    if (!group.others() && !answer.recent() && !scriptClient.dialect().mayCome(answer)) {
      throw failure("unexpected: " + answer.raw());
    }
    return false;
  }

  private boolean isWanted(Answer answer) {
    for (var form : scriptClient.dialect().forms(answer)) {
      for (var at = 0; at < wanted.size(); at++) {
        if (Comparison.matches(wanted.get(at).answer(), form, bindings)) {
          wanted.remove(at);
          return true;
        }
      }
    }
    return false;
  }

  private boolean isEnd(Answer expected, Answer answer) {
    return scriptClient.dialect().forms(answer).stream()
            .anyMatch(form -> Comparison.matches(expected, form, bindings))
        || scriptClient.dialect().ends(expected, answer);
  }

  private boolean takeEnd(Answer answer) {
    if (!(group.end().orElse(null) instanceof Line line)
        || !isEnd(Answer.parse(line.text()), answer)) {
      throw failure("unexpected: " + answer.raw());
    }
    if (!settled()) {
      throw failure("some answers stayed away");
    }
    scriptClient.between(!answer.tag().equals("+"));
    return true;
  }

  private boolean settled() {
    return missing().stream().allMatch(Line::optional);
  }

  private List<Line> missing() {
    return wanted.stream().map(Wanted::line).toList();
  }

  /**
   * An EXPUNGE by the number that the message had before the group: so the order in which a server
   * reports several makes no difference (RFC 3501 §7.4.1).
   */
  private static Answer byFirstNumber(Answer answer, SortedSet<Integer> removed) {
    return answer
        .expunged()
        .map(
            number -> {
              var first = (int) number;
              for (var gone : removed) {
                first += gone <= first ? 1 : 0;
              }
              removed.add(first);
              return answer.expunging(first);
            })
        .orElse(answer);
  }

  private AssertionError failure(String what) {
    var text = new StringBuilder(what).append("\n  still expected:");
    missing()
        .forEach(
            line -> text.append("\n    ").append(line.line()).append(": ").append(line.text()));
    if (group.end().orElse(null) instanceof Line end) {
      text.append("\n    ").append(end.line()).append(": ").append(end.text());
    }
    text.append("\n  got:");
    got.forEach(raw -> text.append("\n    ").append(raw));
    return new AssertionError(text.toString());
  }
}
