package io.postern.render;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first event or task of an iCalendar object (RFC 5545) as text for people. Reads what it can
 * of a malformed one. One pass, linear.
 */
final class EventSummary {
  /** Characters of a value that are shown. */
  private static final int MAX_VALUE = 4_000;

  private static final List<String> SHOWN =
      List.of("SUMMARY", "DTSTART", "DTEND", "DUE", "LOCATION", "ORGANIZER", "DESCRIPTION");

  private EventSummary() {}

  /** The text, each line ended by a line feed; empty when there is no event. */
  static String of(String calendar) {
    var values = values(calendar);
    var out = new ArrayList<String>();
    add(out, "", values.get("SUMMARY"));
    add(out, "Start: ", values.get("DTSTART"));
    add(out, "End: ", values.getOrDefault("DTEND", values.get("DUE")));
    add(out, "Where: ", values.get("LOCATION"));
    add(out, "Organizer: ", values.get("ORGANIZER"));
    if (values.containsKey("DESCRIPTION")) {
      out.add("");
      add(out, "", values.get("DESCRIPTION"));
    }
    return out.isEmpty() ? "" : String.join("\n", out) + "\n";
  }

  private static void add(List<String> out, String label, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      out.add(label + value.strip());
    }
  }

  /** The shown properties of the first event or task, decoded. */
  private static Map<String, String> values(String calendar) {
    var values = new HashMap<String, String>();
    // What an alarm within it says is not about the event.
    int depth = 0;
    for (var line : unfolded(calendar)) {
      int colon = valueStart(line);
      var name = colon < 0 ? "" : line.substring(0, nameEnd(line, colon)).toUpperCase(Locale.ROOT);
      var value = line.substring(colon + 1);
      if (name.equals("BEGIN")) {
        boolean event = value.strip().toUpperCase(Locale.ROOT).matches("VEVENT|VTODO");
        depth += depth > 0 || event ? 1 : 0;
      } else if (name.equals("END") && depth > 0 && --depth == 0) {
        return values;
      } else if (depth == 1 && SHOWN.contains(name)) {
        var parameters = line.substring(nameEnd(line, colon), colon);
        values.putIfAbsent(name, shown(name, parameters, value));
      }
    }
    return values;
  }

  private static String shown(String name, String parameters, String value) {
    var cut = value.length() > MAX_VALUE ? value.substring(0, MAX_VALUE) + "…" : value;
    return switch (name) {
      case "DTSTART", "DTEND", "DUE" -> time(cut.strip(), zone(parameters));
      case "ORGANIZER" -> cut.replaceFirst("(?i)^mailto:", "");
      default -> unescaped(cut);
    };
  }

  /** RFC 5545 §3.1: a line that begins with white space continues the one before. */
  private static List<String> unfolded(String calendar) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (var raw : calendar.split("\r?\n", -1)) {
      if (!raw.isEmpty() && (raw.charAt(0) == ' ' || raw.charAt(0) == '\t')) {
        line.append(raw, 1, raw.length());
      } else {
        lines.add(line.toString());
        line.setLength(0);
        line.append(raw);
      }
    }
    lines.add(line.toString());
    return lines;
  }

  /** The first colon outside quotes; -1 if there is none. */
  private static int valueStart(String line) {
    boolean quoted = false;
    for (int at = 0; at < line.length(); at++) {
      char c = line.charAt(at);
      quoted ^= c == '"';
      if (c == ':' && !quoted) {
        return at;
      }
    }
    return -1;
  }

  private static int nameEnd(String line, int colon) {
    int semicolon = line.indexOf(';');
    return semicolon < 0 || semicolon > colon ? colon : semicolon;
  }

  private static String zone(String parameters) {
    for (var parameter : parameters.split(";", -1)) {
      if (parameter.toUpperCase(Locale.ROOT).startsWith("TZID=")) {
        return parameter.substring("TZID=".length()).replace("\"", "");
      }
    }
    return "";
  }

  /** RFC 5545 §3.3.4, §3.3.5. */
  private static String time(String value, String zone) {
    if (!value.matches("\\d{8}(T\\d{6}Z?)?")) {
      return value;
    }
    var day = value.substring(0, 4) + "-" + value.substring(4, 6) + "-" + value.substring(6, 8);
    if (value.length() == 8) {
      return day;
    }
    var minute = day + " " + value.substring(9, 11) + ":" + value.substring(11, 13);
    return value.endsWith("Z") ? minute + " UTC" : (minute + " " + zone).strip();
  }

  /** RFC 5545 §3.3.11. */
  private static String unescaped(String value) {
    var out = new StringBuilder(value.length());
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c == '\\' && at + 1 < value.length()) {
        char next = value.charAt(++at);
        out.append(next == 'n' || next == 'N' ? '\n' : next);
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
