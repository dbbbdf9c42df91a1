package io.postern.mime.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sent dates (RFC 5256 §2.2). */
class SentTimeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          31 Dec 2000 16:01:33 -0800          | 2001-01-01T00:01:33Z
          Mon, 1 Jan 2001 00:01:33 +0000      | 2001-01-01T00:01:33Z
          1 Jan 2001 02:31 +0230              | 2001-01-01T00:01:00Z
          1 Jan 2001 7:08:09 EST (New York)   | 2001-01-01T12:08:09Z
          Thu Nov 5 10:00:00 2026             | 2026-11-05T10:00:00Z
          1 Jan 2001 10:00:00 +9999           | 2001-01-01T10:00:00Z
          1 Jan 2001 10:00:00 XYZ             | 2001-01-01T10:00:00Z
          1 Jan 2001 25:00:00 -0800           | 2001-01-01T00:00:00Z
          1 Jan 2001                          | 2001-01-01T00:00:00Z
          1 Jan 2001 23:59:60 +0000           | 2001-01-01T23:59:59Z
          """)
  void example(String field, Instant time) {
    assertThat(SentTime.parse(field)).hasValue(time.getEpochSecond());
  }

  @Test
  void withoutADayThereIsNone() {
    assertThat(SentTime.parse("10:00:00 +0100")).isEqualTo(OptionalLong.empty());
    assertThat(SentTime.parse("")).isEqualTo(OptionalLong.empty());
    assertThat(SentTime.parse("31 Feb 2001 10:00:00")).isEqualTo(OptionalLong.empty());
  }
}
