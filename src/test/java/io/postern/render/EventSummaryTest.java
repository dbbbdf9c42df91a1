package io.postern.render;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventSummaryTest {
  @Test
  void showsTheEvent() {
    assertThat(EventSummary.of(RenderedMessages.EVENT))
        .isEqualTo(
            """
            Plans, and so on
            Start: 2024-02-01 09:00 Europe/Berlin
            End: 2024-02-01 10:00 UTC
            Where: Room 1
            Second floor
            Organizer: ada@example.test

            of the event
            """);
  }

  /** RFC 5545 §3.1, §3.3.11: folded lines, quoted parameters, escaped characters. */
  @Test
  void decodesValues() {
    var text =
        """
        BEGIN:VEVENT
        SUMMARY;LANGUAGE=de:Gr\\;ün\\, a line that is folded amid a wo
         rd\\nand has another line
        LOCATION:C:\\\\path "x"
        DESCRIPTION;ALTREP="cid:a:b;c":words: and\\\\n
        DTSTART;VALUE=DATE:20240203
        END:VEVENT
        """
            .replace("\n", "\r\n");
    assertThat(EventSummary.of(text))
        .isEqualTo(
            """
            Gr;ün, a line that is folded amid a word
            and has another line
            Start: 2024-02-03
            Where: C:\\path "x"

            words: and\\n
            """);
  }

  @Test
  void readsWhatItCan() {
    assertThat(EventSummary.of("")).isEmpty();
    assertThat(EventSummary.of("BEGIN:VEVENT\nSUMMARY")).isEmpty();
    assertThat(EventSummary.of("SUMMARY:outside\nBEGIN:VEVENT\nsummary:in\n")).isEqualTo("in\n");
    assertThat(EventSummary.of("BEGIN:VTODO\nDUE:soon\nEND:VTODO")).isEqualTo("End: soon\n");
    assertThat(EventSummary.of("BEGIN:VEVENT\nSUMMARY:a\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:b"))
        .isEqualTo("a\n");
  }

  @Test
  void boundsEachValue() {
    var fits = "x".repeat(4_000);
    assertThat(EventSummary.of("BEGIN:VEVENT\nSUMMARY:" + fits)).isEqualTo(fits + "\n");
    assertThat(EventSummary.of("BEGIN:VEVENT\nSUMMARY:" + fits + "y")).isEqualTo(fits + "…\n");
  }
}
