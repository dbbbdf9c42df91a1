package io.postern.mime.header;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.header.MimeValue.Parameter;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 2231 §4.1: a piece without percent encoding beside one that has it. */
class ContinuationsTest {
  @ParameterizedTest
  @CsvSource({
    "0, %00",
    "9, %09",
    "10, %0A",
    "32, %20",
    "34, %22",
    "37, %25",
    "39, %27",
    "43, +",
    "48, 0",
    "61, %3D",
    "122, z",
    "126, ~",
    "127, %7F",
    "128, %80",
    "171, %AB",
    "233, %E9",
    "255, %FF"
  })
  void eachOctetOfAPlainPieceIsEncodedByTwoDigits(int octet, String encoded) {
    var pieces =
        List.of(
            new Parameter("name*0*", "utf-8''x%20"),
            new Parameter("name*1", "a" + (char) octet + "b"));
    assertThat(Continuations.join(pieces))
        .containsExactly(new Parameter("name*", "utf-8''x%20a" + encoded + "b"));
  }
}
