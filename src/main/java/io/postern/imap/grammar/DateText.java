package io.postern.imap.grammar;

import io.postern.model.message.InternalDate;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;

/** Parses dates of SEARCH, and date-times of APPEND and FETCH (RFC 3501 §9). */
public final class DateText {
  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
  private static final byte[] MONTH_OCTETS = MONTHS.getBytes(StandardCharsets.US_ASCII);
  private static final String DATE = "a date";
  private static final String DATE_TIME = "a date and time";

  private DateText() {}

  /** Parses {@code date}: {@code 1-Feb-1994}, in quotes or not. */
  public static LocalDate date(Arguments in) throws BadSyntax {
    boolean quoted = in.tryOctet('"');
    var date = day(in, DATE);
    if (quoted) {
      in.octet('"', DATE);
    }
    return date;
  }

  /**
   * Parses {@code date-time} with its quotes. A day below 10 has a space before it; a zero or
   * nothing is accepted too.
   */
  public static InternalDate dateTime(Arguments in) throws BadSyntax {
    long start = in.position();
    in.octet('"', DATE_TIME);
    in.tryOctet(' ');
    var day = day(in, DATE_TIME);
    in.octet(' ', DATE_TIME);
    int hour = fixed(in, 2);
    in.octet(':', DATE_TIME);
    int minute = fixed(in, 2);
    in.octet(':', DATE_TIME);
    int second = fixed(in, 2);
    in.octet(' ', DATE_TIME);
    int zone = zone(in);
    in.octet('"', DATE_TIME);
    try {
      var offset = ZoneOffset.ofTotalSeconds(zone * 60);
      return InternalDate.of(OffsetDateTime.of(day, LocalTime.of(hour, minute, second), offset));
    } catch (DateTimeException noSuchTime) {
      throw new BadSyntax("a date and time there can be", start);
    }
  }

  private static int zone(Arguments in) throws BadSyntax {
    boolean west = in.tryOctet('-');
    if (!west) {
      in.octet('+', "a zone");
    }
    int hours = fixed(in, 2);
    int minutes = fixed(in, 2);
    if (minutes > 59) {
      throw in.expected("a zone with minutes below 60");
    }
    int offset = hours * 60 + minutes;
    return west ? -offset : offset;
  }

  private static LocalDate day(Arguments in, String what) throws BadSyntax {
    long start = in.position();
    int day = (int) in.digits(what, 1, 31);
    in.octet('-', what);
    int month = month(in);
    in.octet('-', what);
    int year = fixed(in, 4);
    boolean exists = year > 0 && day <= YearMonth.of(year, month).lengthOfMonth();
    if (!exists) {
      throw new BadSyntax("a day of the calendar", start);
    }
    return LocalDate.of(year, month, day);
  }

  private static int month(Arguments in) throws BadSyntax {
    for (int i = 0; i < 12; i++) {
      if (in.tryLetters(MONTHS.substring(3 * i, 3 * i + 3))) {
        return i + 1;
      }
    }
    throw in.expected("the name of a month");
  }

  private static int fixed(Arguments in, int digits) throws BadSyntax {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int c = in.peek();
      if (!Octets.isDigit(c)) {
        throw in.expected("a digit");
      }
      in.tryOctet((char) c);
      value = 10 * value + c - '0';
    }
    return value;
  }

  /** Writes a date-time in its quotes. */
  public static byte[] write(InternalDate date) {
    var when = date.dateTime();
    var text = new byte[28];
    text[0] = '"';
    pair(text, 1, when.getDayOfMonth());
    if (text[1] == '0') {
      text[1] = ' ';
    }
    text[3] = '-';
    System.arraycopy(MONTH_OCTETS, 3 * (when.getMonthValue() - 1), text, 4, 3);
    text[7] = '-';
    pair(text, 8, when.getYear() / 100);
    pair(text, 10, when.getYear() % 100);
    text[12] = ' ';
    pair(text, 13, when.getHour());
    text[15] = ':';
    pair(text, 16, when.getMinute());
    text[18] = ':';
    pair(text, 19, when.getSecond());
    text[21] = ' ';
    text[22] = (byte) (date.offsetMinutes() < 0 ? '-' : '+');
    int offset = Math.abs(date.offsetMinutes());
    pair(text, 23, offset / 60);
    pair(text, 25, offset % 60);
    text[27] = '"';
    return text;
  }

  private static void pair(byte[] text, int at, int value) {
    text[at] = (byte) ('0' + value / 10);
    text[at + 1] = (byte) ('0' + value % 10);
  }
}
