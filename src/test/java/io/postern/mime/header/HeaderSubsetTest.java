package io.postern.mime.header;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.Samples;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** HEADER.FIELDS and HEADER.FIELDS.NOT (RFC 3501 §6.4.5). */
class HeaderSubsetTest {
  private static final String HEADER =
      "From: a@example.test\r\nSubject: one\r\n two\r\nX-Subject: no\r\nsubject : again\r\n\r\n";

  private static String of(String header, boolean named, String... names) {
    return HeaderSubset.of(Samples.octets(header), List.of(names), named).toString(ISO_8859_1);
  }

  @Test
  void namedFieldsAsStored() {
    assertThat(of(HEADER, true, "SUBJECT", "to"))
        .isEqualTo("Subject: one\r\n two\r\nsubject : again\r\n\r\n");
  }

  @Test
  void allOtherFields() {
    assertThat(of(HEADER, false, "subject"))
        .isEqualTo("From: a@example.test\r\nX-Subject: no\r\n\r\n");
  }

  @Test
  void noFieldIsAnEmptyLine() {
    assertThat(of(HEADER, true, "to")).isEqualTo("\r\n");
    assertThat(of("", true, "to")).isEmpty();
  }

  @Test
  void missingEmptyLineIsNotMade() {
    assertThat(of("A: 1\r\n", true, "a")).isEqualTo("A: 1\r\n");
    assertThat(of("A: 1\r\n", true, "b")).isEmpty();
    assertThat(of("A: 1", true, "a")).isEqualTo("A: 1");
    assertThat(of("B: 1\r\nA", false, "a")).isEqualTo("B: 1\r\nA");
    assertThat(of("B: 1\r\nA", true, "b")).isEqualTo("B: 1\r\n");
  }

  @Test
  void bareLineFeedsStay() {
    assertThat(of("A: 1\n 2\nB: 3\n\n", true, "a")).isEqualTo("A: 1\n 2\n\n");
  }

  @Test
  void linesThatAreNoFieldAreOtherFields() {
    var long1 = "x".repeat(HeaderSubset.MAX_NAME) + ": 1\r\n";
    var header = " folded\r\nno field\r\n" + long1 + "A: 1\r\n\r\n";
    assertThat(of(header, false, "a")).isEqualTo(header.replace("A: 1\r\n", ""));
    assertThat(of(header, true, "a")).isEqualTo("A: 1\r\n\r\n");
  }

  @Test
  void octetsAfterTheEmptyLinePassUnchanged() {
    assertThat(of("A: 1\r\nB: 2\r\n\r\nA: 3\r\n\r\nB: 4", false, "a"))
        .isEqualTo("B: 2\r\n\r\nA: 3\r\n\r\nB: 4");
    assertThat(of("\nA: 3\n", false, "a")).isEqualTo("\nA: 3\n");
    assertThat(of("A: 1\n\nB: 4", true, "c")).isEqualTo("\nB: 4");
  }

  @Test
  void anySplitOfTheInputGivesTheSameResult() {
    for (var names : List.of(Set.of("subject"), Set.of("from", "x-subject"))) {
      for (boolean named : new boolean[] {true, false}) {
        var subset = new HeaderSubset(names, named);
        var out = Buffer.buffer();
        for (int i = 0; i < HEADER.length(); i++) {
          out.appendBuffer(subset.feed(Samples.octets(HEADER.substring(i, i + 1))));
        }
        out.appendBuffer(subset.finish());
        assertThat(out.toString(ISO_8859_1))
            .isEqualTo(of(HEADER, named, names.toArray(String[]::new)));
      }
    }
  }
}
