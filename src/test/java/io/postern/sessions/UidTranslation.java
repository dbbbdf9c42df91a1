package io.postern.sessions;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Rewrites commands that name messages by sequence number to name the same by UID. */
final class UidTranslation {
  private static final Pattern SET = Pattern.compile("[0-9*][0-9:*,]*");

  /** A string, a parenthesis or a word of a search program. */
  private static final Pattern TOKEN =
      Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|[()]|[^ ()\"]+| +");

  /** Search keys and how many arguments they have. */
  private static final Map<String, Integer> ARGUMENTS =
      Set.of(
              "BCC",
              "BEFORE",
              "BODY",
              "CC",
              "FROM",
              "KEYWORD",
              "LARGER",
              "ON",
              "SENTBEFORE",
              "SENTON",
              "SENTSINCE",
              "SINCE",
              "SMALLER",
              "SUBJECT",
              "TEXT",
              "TO",
              "UID",
              "UNKEYWORD",
              "OLDER",
              "YOUNGER",
              "SAVEDBEFORE",
              "SAVEDON",
              "SAVEDSINCE",
              "UIDAFTER",
              "UIDBEFORE",
              "EMAILID",
              "THREADID",
              "MODSEQ",
              "CHARSET")
          .stream()
          .collect(Collectors.toMap(key -> key, _ -> 1));

  private final KnownUids known;

  UidTranslation(KnownUids known) {
    this.known = known;
  }

  /** The line by UID; empty when it has no sequence numbers, or such as name no message. */
  Optional<String> of(SentCommand command) {
    var behind = behindVerb(command);
    return switch (command.verb()) {
      case "FETCH", "STORE", "COPY", "MOVE", "REPLACE" ->
          command.byUid() ? Optional.empty() : messages(command, behind);
      case "SEARCH", "SORT", "THREAD" -> search(command, behind);
      case "ESEARCH" ->
          program(behind)
              .filter(it -> !it.equals(behind))
              .map(it -> command.tag() + " ESEARCH " + it);
      default -> Optional.empty();
    };
  }

  private static String behindVerb(SentCommand command) {
    var words = command.text().split(" ", command.byUid() ? 4 : 3);
    return words.length == (command.byUid() ? 4 : 3) ? words[words.length - 1] : "";
  }

  private Optional<String> messages(SentCommand command, String behind) {
    var space = behind.indexOf(' ');
    if (space < 0) {
      return Optional.empty();
    }
    var set = behind.substring(0, space);
    if (set.equals("$")) {
      return Optional.of(line(command, behind));
    }
    return uids(set, false).map(uids -> line(command, uids + behind.substring(space)));
  }

  private static String line(SentCommand command, String rest) {
    return command.tag() + " UID " + command.verb() + " " + rest;
  }

  private Optional<String> search(SentCommand command, String behind) {
    var program = program(behind);
    return program.isEmpty() || (command.byUid() && program.get().equals(behind))
        ? Optional.empty()
        : Optional.of(line(command, program.get()));
  }

  /** The program with each sequence set as a set of UIDs; empty when one names no message. */
  private Optional<String> program(String program) {
    var text = new StringBuilder();
    var tokens = TOKEN.matcher(program);
    var before = "";
    int skip = 0;
    int options = 0;
    while (tokens.find()) {
      var token = tokens.group();
      var blank = token.isBlank();
      if (token.equals("(") && (options > 0 || Set.of("RETURN", "IN").contains(before))) {
        options++;
      } else if (token.equals(")") && options > 0) {
        options--;
      } else if (!blank && skip > 0) {
        skip = before.equals("MODSEQ") && token.startsWith("\"") ? 2 : skip - 1;
      } else if (options == 0 && SET.matcher(token).matches()) {
        var uids = uids(token, true);
        if (uids.isEmpty()) {
          return Optional.empty();
        }
        token = "UID " + uids.get();
      } else if (options == 0 && !blank) {
        skip = token.equalsIgnoreCase("HEADER") ? 2 : arguments(token);
      }
      before = blank ? before : token.toUpperCase(Locale.ROOT);
      text.append(token);
    }
    return Optional.of(text.toString());
  }

  private static int arguments(String key) {
    return ARGUMENTS.getOrDefault(key.toUpperCase(Locale.ROOT), 0);
  }

  /**
   * The UIDs of a set of sequence numbers; empty when it is malformed or names no message.
   *
   * @param open whether it may name messages that are not there beside others
   */
  private Optional<String> uids(String set, boolean open) {
    if (!SET.matcher(set).matches() || known.size() == 0) {
      return Optional.empty();
    }
    var numbers = new TreeSet<Integer>();
    for (var range : set.split(",", -1)) {
      var ends = List.of(range.split(":", -1));
      if (ends.size() > 2 || ends.stream().anyMatch(end -> !end.matches("\\*|[1-9][0-9]{0,8}"))) {
        return Optional.empty();
      }
      var from = number(ends.getFirst());
      var to = number(ends.getLast());
      if (Math.max(from, to) > known.size() && !open) {
        return Optional.empty();
      }
      for (var n = Math.min(from, to); n <= Math.min(known.size(), Math.max(from, to)); n++) {
        numbers.add(n);
      }
    }
    var uids = new ArrayList<String>();
    numbers.forEach(number -> uids.add(Long.toString(known.uid(number))));
    return uids.isEmpty() || uids.contains("0")
        ? Optional.empty()
        : Optional.of(String.join(",", uids));
  }

  private int number(String end) {
    return end.equals("*") ? known.size() : Integer.parseInt(end);
  }
}
