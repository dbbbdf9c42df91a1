package io.postern.mime.header;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.Samples;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderFieldsTest {
  private static List<String> fields(String header) {
    var cursor = new HeaderFields(Samples.octets(header));
    var fields = new ArrayList<String>();
    while (cursor.next()) {
      fields.add(cursor.name() + "=" + cursor.value());
    }
    return fields;
  }

  @Test
  void namesAndUnfoldedValues() {
    assertThat(fields("A: 1\r\nB :\r\n 2\r\n\t3 \r\nc:4\r\n\r\n"))
        .containsExactly("A=1", "B=2\t3", "c=4");
  }

  @Test
  void bareLineFeedsAndNoEnd() {
    assertThat(fields("A: 1\n more\nB: 2")).containsExactly("A=1 more", "B=2");
  }

  @Test
  void linesThatAreNoFieldArePassedOver() {
    assertThat(fields("no field\r\n folded: on\r\n: no name\r\nA: 1\r\n")).containsExactly("A=1");
    assertThat(fields("")).isEmpty();
    assertThat(fields("\r\n")).isEmpty();
  }

  @Test
  void octetsOfAFieldAreKnown() {
    var cursor = new HeaderFields(Samples.octets("A: 1\r\nLong: 2\r\n 3\r\nC: 4\r\n"));
    cursor.next();
    cursor.next();
    assertThat(cursor.is("LONG")).isTrue();
    assertThat(cursor.start()).isEqualTo(6);
    assertThat(cursor.end()).isEqualTo(19);
  }
}
