package io.postern.mime.header;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Parses the day of a Date field in its own zone (RFC 5322 §3.3, obsolete years in §4.3),
 * tolerantly: {@code Thu, 5 Nov 2026 …}, {@code 5-Nov-26}, {@code Thu Nov 5 10:00:00 2026}.
 */
public final class SentDate {
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final int MAX_WORDS = 8;
  private static final AsciiSet WORD_STOPS = AsciiSet.of(" \t,-(");

  private SentDate() {}

  public static Optional<LocalDate> parse(String unfolded) {
    int day = 0;
    int month = 0;
    for (var word : words(unfolded)) {
      int named = month(word);
      if (month == 0 && named > 0) {
        month = named;
      } else if (isNumber(word)) {
        if (day == 0 && word.length() <= 2) {
          day = Integer.parseInt(word);
        } else if (day > 0 && month > 0) {
          return date(year(word), month, day);
        }
      }
    }
    return Optional.empty();
  }

  private static List<String> words(String text) {
    var words = new ArrayList<String>();
    var in = new FieldCursor(text);
    while (words.size() < MAX_WORDS) {
      in.skipCfws();
      if (in.done()) {
        break;
      }
      var word = in.until(WORD_STOPS);
      if (!word.isEmpty()) {
        words.add(word);
      } else {
        in.next();
      }
    }
    return words;
  }

  private static int month(String word) {
    if (word.length() < 3) {
      return 0;
    }
    return MONTHS.indexOf(word.substring(0, 3).toLowerCase(Locale.ROOT)) + 1;
  }

  private static boolean isNumber(String word) {
    return word.length() <= 4 && word.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  // RFC 5322 §4.3
  private static int year(String word) {
    int year = Integer.parseInt(word);
    return switch (word.length()) {
      case 1, 2 -> year < 50 ? year + 2000 : year + 1900;
      case 3 -> year + 1900;
      default -> year;
    };
  }

  private static Optional<LocalDate> date(int year, int month, int day) {
    try {
      return Optional.of(LocalDate.of(year, month, day));
    } catch (DateTimeException _) {
      return Optional.empty(); // 31 February is no day: such a date can't be parsed.
    }
  }
}
