package io.postern.mime.header;

import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Parses a Date field to a point in time (RFC 5256 §2.2): a zone that is not valid counts as UTC, a
 * time that is not valid as midnight.
 */
public final class SentTime {
  /** RFC 5322 §4.3, in hours. */
  private static final Map<String, Integer> ZONES =
      Map.of(
          "EST", -5, "EDT", -4, "CST", -6, "CDT", -5, "MST", -7, "MDT", -6, "PST", -8, "PDT", -7);

  private final String text;
  private int at;

  private SentTime(String text) {
    this.text = text;
  }

  /** Epoch seconds; empty when the field has no valid day. */
  public static OptionalLong parse(String unfolded) {
    var day = SentDate.parse(unfolded);
    if (day.isEmpty()) {
      return OptionalLong.empty();
    }
    long midnight = day.get().atStartOfDay().toEpochSecond(ZoneOffset.UTC);
    return OptionalLong.of(midnight + new SentTime(unfolded).secondOfDay());
  }

  /** The second of the day in UTC, maybe before or after that day. */
  private int secondOfDay() {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return 0;
    }
    at = colon;
    while (at > 0 && isDigit(at - 1) && colon - at < 2) {
      at--;
    }
    int hour = number();
    int minute = tryColon() ? number() : -1;
    int second = minute >= 0 && tryColon() ? number() : 0;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
      return 0;
    }
    // A leap second is the last one of its minute.
    int time = LocalTime.of(hour, minute, Math.clamp(second, 0, 59)).toSecondOfDay();
    return time - zone();
  }

  /** Seconds east of UTC. */
  private int zone() {
    while (at < text.length() && FieldCursor.isSpace(text.charAt(at))) {
      at++;
    }
    char sign = at < text.length() ? text.charAt(at) : ' ';
    if (sign == '+' || sign == '-') {
      at++;
      int start = at;
      int hours = number();
      int minutes = number();
      boolean valid = at - start == 4 && hours <= 23 && minutes <= 59;
      return !valid ? 0 : (sign == '+' ? 1 : -1) * (hours * 60 + minutes) * 60;
    }
    int end = Math.min(text.length(), at + 3);
    var name = text.substring(Math.min(at, end), end).toUpperCase(Locale.ROOT);
    return ZONES.getOrDefault(name, 0) * 3600;
  }

  private boolean tryColon() {
    boolean colon = at < text.length() && text.charAt(at) == ':';
    at += colon ? 1 : 0;
    return colon;
  }

  /** One or two digits; negative when there are none. */
  private int number() {
    int value = -1;
    for (int i = 0; i < 2 && at < text.length() && isDigit(at); i++) {
      value = Math.max(0, value) * 10 + text.charAt(at++) - '0';
    }
    return value;
  }

  private boolean isDigit(int position) {
    char c = text.charAt(position);
    return c >= '0' && c <= '9';
  }
}
