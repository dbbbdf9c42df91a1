package io.postern.sessions;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.postern.sessions.Script.Act;
import io.postern.sessions.Script.Action;
import io.postern.sessions.Script.Authenticate;
import io.postern.sessions.Script.Certified;
import io.postern.sessions.Script.Client;
import io.postern.sessions.Script.Closed;
import io.postern.sessions.Script.Expected;
import io.postern.sessions.Script.Hear;
import io.postern.sessions.Script.Line;
import io.postern.sessions.Script.Others;
import io.postern.sessions.Script.Say;
import io.postern.sessions.Script.Turn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads a {@code .session} file; {@code src/test/sessions/README.md} describes its format. */
final class ScriptReader {
  /** How long an answer may take when the script gives no {@code wait}. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Set<String> HEADERS =
      Set.of(
          "rfc",
          "mailboxes",
          "messages",
          "sessions",
          "login",
          "protocol",
          "only",
          "settings",
          "given");

  private final Path file;
  private final List<String> lines;
  private final Map<String, String> header = new HashMap<>();
  private final List<Turn> turns = new ArrayList<>();
  private final List<Expected> heard = new ArrayList<>();
  private String title = "";
  private String session = "";
  private Duration limit = PATIENCE;
  private int hearingFrom;
  private int at;

  private ScriptReader(Path file, List<String> lines) {
    this.file = file;
    this.lines = lines;
  }

  static Script read(Path file) {
    try {
      // One char an octet, as on the wire.
      return read(file, Files.readAllLines(file, ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Script read(Path file, List<String> lines) {
    return new ScriptReader(file, lines).script();
  }

  private Script script() {
    for (at = 0; at < lines.size(); at++) {
      line(lines.get(at));
    }
    endOfAnswers();
    if (turns.isEmpty()) {
      throw wrong("the script has no turns");
    }
    return new Script(
        file,
        title,
        words("mailboxes"),
        words("messages"),
        clients(),
        !header.getOrDefault("login", "yes").equals("no"),
        header.containsKey("only"),
        words("settings"),
        words("given"),
        List.copyOf(turns));
  }

  private void line(String line) {
    if (line.isBlank()) {
      return;
    }
    if (line.startsWith("#")) {
      title = title.isEmpty() ? line.substring(1).strip() : title;
    } else if (line.startsWith(" ")) {
      expected(line.strip());
    } else if (line.startsWith("wait:")) {
      endOfAnswers();
      limit = Duration.parse("PT" + line.substring("wait:".length()).strip());
    } else if (line.length() > 1
        && line.charAt(1) == ':'
        && Character.isUpperCase(line.charAt(0))) {
      endOfAnswers();
      turn(line.substring(0, 1), line.substring(2).strip());
    } else {
      header(line);
    }
  }

  private void header(String line) {
    var colon = line.indexOf(':');
    if (colon < 0 || !turns.isEmpty() || !HEADERS.contains(line.substring(0, colon))) {
      throw wrong("neither a header, a turn nor an answer");
    }
    header.put(line.substring(0, colon), line.substring(colon + 1).strip());
  }

  private void turn(String name, String text) {
    session = name;
    if (text.startsWith("<sasl ") && text.endsWith(">")) {
      var words = text.substring("<sasl ".length(), text.length() - 1).split(" ");
      turns.add(new Authenticate(at + 1, name, List.of(words)));
    } else if (text.startsWith("<starttls ") && text.endsWith(">")) {
      turns.add(
          new Certified(at + 1, name, text.substring("<starttls ".length(), text.length() - 1)));
    } else if (text.startsWith("<") && text.endsWith(">")) {
      var action = text.substring(1, text.length() - 1).toUpperCase(Locale.ROOT);
      turns.add(new Act(at + 1, name, Action.valueOf(action)));
    } else if (!text.isEmpty()) {
      var line = at + 1;
      turns.add(new Say(line, name, LineParts.of(whole(text))));
    }
  }

  private void expected(String text) {
    if (session.isEmpty()) {
      throw wrong("an answer before anybody asked");
    }
    if (heard.isEmpty()) {
      hearingFrom = at + 1;
    }
    var line = at + 1;
    if (text.equals("...")) {
      heard.add(new Others(line));
    } else if (text.equals("<closed>")) {
      heard.add(new Closed(line));
    } else if (text.startsWith("? ")) {
      heard.add(new Line(line, LineParts.octets(whole(text.substring(2).strip())), true));
    } else {
      heard.add(new Line(line, LineParts.octets(whole(text)), false));
    }
  }

  private void endOfAnswers() {
    if (!heard.isEmpty()) {
      turns.add(new Hear(hearingFrom, session, limit, List.copyOf(heard)));
      heard.clear();
      limit = PATIENCE;
    }
  }

  /** The line with the blocks that begin on it: from braces at its end to a line that closes. */
  private String whole(String text) {
    var whole = new StringBuilder(text);
    while (whole.toString().endsWith(LineParts.OPEN)) {
      var closed = false;
      while (!closed) {
        if (++at >= lines.size()) {
          throw wrong("a block stays open");
        }
        var line = lines.get(at);
        var end = line.indexOf(LineParts.CLOSE);
        closed = end >= 0;
        whole.append(closed ? closing(line, end) : line + "\r\n");
      }
    }
    return whole.toString();
  }

  private static String closing(String line, int end) {
    return line.substring(0, end).isBlank() ? line.strip() : line;
  }

  private List<String> words(String key) {
    var value = header.getOrDefault(key, "");
    return value.isEmpty() ? List.of() : Arrays.asList(value.split(" +"));
  }

  private List<Client> clients() {
    var protocol = header.getOrDefault("protocol", "imap");
    var names = header.containsKey("sessions") ? words("sessions") : List.of("A");
    return names.stream().map(name -> client(name, protocol)).toList();
  }

  private static Client client(String name, String protocol) {
    var colon = name.indexOf(':');
    if (colon < 0) {
      return new Client(name, 1, protocol);
    }
    var kind = name.substring(colon + 1);
    return Character.isDigit(kind.charAt(0))
        ? new Client(name.substring(0, colon), Integer.parseInt(kind), protocol)
        : new Client(name.substring(0, colon), 1, kind);
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(file + ":" + (at + 1) + ": " + what);
  }
}
