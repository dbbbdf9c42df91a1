package io.postern.imap.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.imap.response.ResponseText;
import io.postern.model.message.InternalDate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DateTextTest {
  private static String written(InternalDate date) {
    return new ResponseText().internalDate(date).buffer().toString();
  }

  @Test
  void readsDatesOfSearch() throws BadSyntax {
    var day = LocalDate.of(1994, 2, 1);
    assertEquals(day, DateText.date(Arguments.of("1-Feb-1994")));
    assertEquals(day, DateText.date(Arguments.of("\"01-feb-1994\"")));
    assertEquals(LocalDate.of(2024, 2, 29), DateText.date(Arguments.of("29-Feb-2024")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "29-Feb-2023",
        "0-Jan-2020",
        "32-Jan-2020",
        "1-Foo-2020",
        "1-Jan-0000",
        "1-Jan-99",
        "\"1-Jan-2020",
        "Jan-1-2020",
        ""
      })
  void refusesDaysThatThereAreNot(String text) {
    assertThrows(BadSyntax.class, () -> DateText.date(Arguments.of(text)));
  }

  @Test
  void readsAndWritesDateTimes() throws BadSyntax {
    var text = "\"17-Jul-1996 02:44:25 -0700\"";
    var date = InternalDate.of(OffsetDateTime.parse("1996-07-17T02:44:25-07:00"));
    assertEquals(date, DateText.dateTime(Arguments.of(text)));
    assertEquals(text, written(date));
    var padded = "\" 1-Jan-2020 00:00:00 +0530\"";
    assertEquals(padded, written(DateText.dateTime(Arguments.of(padded))));
    var zero = padded.replace("\" 1", "\"01");
    assertEquals(padded, written(DateText.dateTime(Arguments.of(zero))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "17-Jul-1996 02:44:25 -0700",
        "\"17-Jul-1996 24:00:00 -0700\"",
        "\"17-Jul-1996 02:60:25 -0700\"",
        "\"17-Jul-1996 02:44:25 -1801\"",
        "\"17-Jul-1996 02:44:25 -0160\"",
        "\"17-Jul-1996 02:44:25 PST\"",
        "\"17-Jul-1996 2:44:25 -0700\"",
        "\"31-Jun-1996 02:44:25 -0700\""
      })
  void refusesTimesThatThereAreNot(String text) {
    assertThrows(BadSyntax.class, () -> DateText.dateTime(Arguments.of(text)));
  }

  @Test
  void readsBackWhatItWrites() throws BadSyntax {
    long seed = new SplittableRandom().nextLong();
    var random = new SplittableRandom(seed);
    long first = Instant.parse("0001-01-02T00:00:00Z").getEpochSecond();
    long last = Instant.parse("9999-12-30T00:00:00Z").getEpochSecond();
    for (int i = 0; i < 5_000; i++) {
      var date = new InternalDate(random.nextLong(first, last), random.nextInt(-1_080, 1_081));
      assertEquals(date, DateText.dateTime(Arguments.of(written(date))), "seed " + seed);
    }
  }
}
