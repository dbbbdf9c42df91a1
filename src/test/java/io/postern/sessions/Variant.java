package io.postern.sessions;

import io.postern.sessions.Script.Act;
import io.postern.sessions.Script.Action;
import io.postern.sessions.Script.Authenticate;
import io.postern.sessions.Script.Hear;
import io.postern.sessions.Script.Line;
import io.postern.sessions.Script.Say;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Extensions that each client of a script enables after each of its logins. */
enum Variant {
  REV2("IMAP4rev2"),
  QRESYNC("QRESYNC"),
  UIDONLY("UIDONLY"),
  ALL("IMAP4rev2", "QRESYNC", "UIDONLY");

  static final String DISABLED = "its settings disable what is to be enabled";
  static final String NO_LOGIN = "no client sends a command after a login";

  /** RFC 7162 §3.2.5.2: what the client knew, by sequence numbers. */
  private static final Pattern SAMPLE = Pattern.compile("\\(QRESYNC \\([^)]*\\([^)]*\\)");

  /**
   * Scripts about sequence numbers themselves: by UID, EXPUNGE may be sent during all commands, a
   * result may be followed, and a command may not be sent before the mailbox is known.
   */
  private static final Set<String> NUMBERS =
      Set.of(
          "condstore/expunge-delayed",
          "context/refused",
          "expunge/copy-of-expunged",
          "expunge/fetch-of-expunged",
          "expunge/sent-when-allowed",
          "noop/pipelining",
          "notify/delayed",
          "qresync/vanished",
          "qresync/vanished-fetch",
          "sort/expunge",
          "views/store-of-expunged");

  /** Scripts about what IMAP4rev1 refuses, or names otherwise. */
  private static final Set<String> REV1 =
      Set.of(
          "replace/qresync",
          "rev2/not-enabled",
          "utf8-accept/append-syntax",
          "utf8-accept/disabled");

  private final String names;

  Variant(String... names) {
    this.names = String.join(" ", names);
  }

  /** Names for ENABLE. */
  List<String> names() {
    return List.of(names.split(" ", -1));
  }

  boolean rev2() {
    return names().contains("IMAP4rev2");
  }

  boolean qresync() {
    return names().contains("QRESYNC");
  }

  boolean uidOnly() {
    return names().contains("UIDONLY");
  }

  /** Why the script makes no sense with these extensions enabled; empty when it does. */
  Optional<String> obstacle(Script script) {
    var lines = lines(script);
    if (!logsIn(script, lines)) {
      return Optional.of(NO_LOGIN);
    }
    if (rev2() && lines.stream().anyMatch(Variant::namesInUtf7)) {
      return Optional.of("its names in modified UTF-7 are other names in IMAP4rev2");
    }
    if (uidOnly() && lines.stream().anyMatch(line -> SAMPLE.matcher(line).find())) {
      return Optional.of("it selects by a sample of sequence numbers");
    }
    if (uidOnly() && NUMBERS.stream().anyMatch(name -> isNamed(script, name))) {
      return Optional.of("it is about sequence numbers");
    }
    if (rev2() && REV1.stream().anyMatch(name -> isNamed(script, name))) {
      return Optional.of("it shows what differs without IMAP4rev2");
    }
    if (uidOnly() && isNamed(script, "limits/errors")) {
      return Optional.of("it counts errors up to the bound, and a refused command is one");
    }
    if (qresync() && isNamed(script, "notify/others")) {
      return Optional.of("it shows which changes are not sent without mod-sequences");
    }
    if (qresync() && needsEnable(lines)) {
      return Optional.of("it shows what is refused without ENABLE");
    }
    if (qresync() && showsFirstModSeq(script)) {
      return Optional.of("it shows what the first command that enables CONDSTORE returns");
    }
    return Optional.empty();
  }

  private static boolean isNamed(Script script, String name) {
    return script.file().endsWith(Path.of("imap", name + ".session"));
  }

  /** RFC 9051 §5.1: there, an ampersand stands for itself. */
  private static boolean namesInUtf7(String line) {
    return line.contains("&") && !line.matches("(?i)[^ ]+ (UID )?(FETCH|SEARCH|APPEND) .*");
  }

  private static boolean needsEnable(List<String> lines) {
    return lines.stream().anyMatch(line -> line.contains("(QRESYNC ") || line.contains("VANISHED"))
        && lines.stream().noneMatch(line -> line.matches("(?i)[^ ]+ ENABLE .*QRESYNC.*"));
  }

  /** RFC 7162 §3.1: a mod-sequence of the mailbox, in a command that does not select it. */
  private static boolean showsFirstModSeq(Script script) {
    var verbs = new HashMap<String, SentCommand>();
    for (var turn : script.turns()) {
      if (turn instanceof Say say) {
        var command = SentCommand.of(say.pieces().getFirst().octets());
        verbs.put(command.tag(), command);
      } else if (turn instanceof Hear hear
          && Group.of(hear).stream().anyMatch(group -> showsModSeq(group, verbs))) {
        return true;
      }
    }
    return false;
  }

  private static boolean showsModSeq(Group group, Map<String, SentCommand> verbs) {
    return group.end().orElse(null) instanceof Line end
        && !verbs.getOrDefault(end.text().split(" ", -1)[0], SentCommand.NONE).selects()
        && group.untagged().stream()
            .anyMatch(line -> line.text().startsWith("* OK [HIGHESTMODSEQ "));
  }

  private static boolean logsIn(Script script, List<String> lines) {
    return script.login()
        || script.turns().stream()
            .anyMatch(
                turn ->
                    turn instanceof Authenticate
                        || (turn instanceof Act act && act.action() == Action.LOGIN))
        || lines.stream().anyMatch(Variant::isLogin);
  }

  private static boolean isLogin(String line) {
    var words = line.toUpperCase(Locale.ROOT).split(" ", -1);
    return words.length > 1 && Set.of("LOGIN", "AUTHENTICATE").contains(words[1]);
  }

  private static List<String> lines(Script script) {
    return script.turns().stream()
        .filter(Say.class::isInstance)
        .map(Say.class::cast)
        .map(say -> say.pieces().stream().map(Script.Piece::octets).collect(Collectors.joining("")))
        .toList();
  }
}
