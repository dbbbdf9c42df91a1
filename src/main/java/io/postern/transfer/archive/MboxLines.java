package io.postern.transfer.archive;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The lines of an mbox that are not lines of a message: the separator with its date (RFC 4155), and
 * the fields in which programs keep flags: Status, X-Status and X-Keywords.
 */
final class MboxLines {
  static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);

  /** The first field of a message that this program wrote: octets, and how lines end. */
  static final String OCTETS = "X-Postern-Octets: ";

  /** Its date with its zone, which the separator does not have. */
  static final String DATE = "X-Postern-Date: ";

  static final String STATUS = "Status:";
  static final String X_STATUS = "X-Status:";
  static final String X_KEYWORDS = "X-Keywords:";

  /** Behind the octets: CRLF of the message was written as LF, or each octet as it is. */
  static final String CRLF = "crlf";

  static final String AS_IS = "as-is";

  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

  private static final Pattern DATE_FORM =
      Pattern.compile(
          "([A-Z][a-z]{2}) +(\\d{1,2}) +(\\d\\d):(\\d\\d)(?::(\\d\\d))?(?: +[A-Z][A-Za-z]*)?"
              + " +(\\d{4})(?: +([+-]\\d{4}))?");

  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

  /** A message without a readable date gets this one, the same in each run. */
  static final OffsetDateTime UNKNOWN = OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  private record Letter(char letter, String flag) {}

  private static final List<Letter> LETTERS =
      List.of(
          new Letter('R', "\\Seen"),
          new Letter('A', "\\Answered"),
          new Letter('F', "\\Flagged"),
          new Letter('D', "\\Deleted"),
          new Letter('T', "\\Draft"));

  private MboxLines() {}

  static String separator(OffsetDateTime date) {
    return "From MAILER-DAEMON " + ASCTIME.format(date.withOffsetSameInstant(ZoneOffset.UTC));
  }

  /** The date of a separator; {@link #UNKNOWN} when it has none that can be read. */
  static OffsetDateTime date(String separator) {
    var found = DATE_FORM.matcher(separator);
    if (!found.find() || !MONTHS.contains(found.group(1))) {
      return UNKNOWN;
    }
    try {
      var seconds = Optional.ofNullable(found.group(5)).map(Integer::parseInt).orElse(0);
      var zone = Optional.ofNullable(found.group(7)).map(ZoneOffset::of).orElse(ZoneOffset.UTC);
      return LocalDateTime.of(
              Integer.parseInt(found.group(6)),
              MONTHS.indexOf(found.group(1)) + 1,
              Integer.parseInt(found.group(2)),
              Integer.parseInt(found.group(3)),
              Integer.parseInt(found.group(4)),
              seconds)
          .atOffset(zone);
    } catch (DateTimeException _) {
      return UNKNOWN;
    }
  }

  /** The three fields, each a line without its end. */
  static List<String> fields(List<String> flags) {
    var seen = flags.contains("\\Seen") ? "RO" : "O";
    var others = new StringBuilder();
    for (var letter : LETTERS.subList(1, LETTERS.size())) {
      if (flags.contains(letter.flag)) {
        others.append(letter.letter);
      }
    }
    var keywords = flags.stream().filter(flag -> !flag.startsWith("\\")).toList();
    return List.of(
        STATUS + " " + seen,
        X_STATUS + " " + others,
        X_KEYWORDS + " " + String.join(" ", keywords));
  }

  /** The flags in a field; empty if it is none of the three. */
  static Optional<List<String>> flags(String field) {
    int colon = field.indexOf(':') + 1;
    var name = field.substring(0, colon);
    var value = field.substring(colon).strip();
    if (name.equalsIgnoreCase(STATUS)) {
      return Optional.of(value.contains("R") ? List.of("\\Seen") : List.of());
    }
    if (name.equalsIgnoreCase(X_STATUS)) {
      return Optional.of(letters(value));
    }
    return name.equalsIgnoreCase(X_KEYWORDS)
        ? Optional.of(value.isEmpty() ? List.of() : List.of(value.split("[ ,]+")))
        : Optional.empty();
  }

  private static List<String> letters(String value) {
    var flags = new ArrayList<String>();
    for (var letter : LETTERS.subList(1, LETTERS.size())) {
      if (value.indexOf(letter.letter) >= 0) {
        flags.add(letter.flag);
      }
    }
    return flags;
  }
}
