package io.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.PartRange.Of;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a section names: the example of RFC 3501 §6.4.5, and messages without parts. */
class PartRangeTest {
  private static Optional<String> section(Buffer message, String numbers, Of of) {
    var path =
        numbers.isEmpty()
            ? List.<Integer>of()
            : Arrays.stream(numbers.split("[.]")).map(Integer::valueOf).toList();
    return PartRange.find(Samples.scan(message).parts(), path, of)
        .map(r -> message.getBuffer(r.start(), r.end()).toString(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @CsvSource({
    "1", "2", "3.1", "3.2", "4.1", "4.2.1", "4.2.2.1", "4.2.2.2",
  })
  void partOfTheNestedMessageSaysItsNumber(String numbers) throws IOException {
    assertThat(section(Samples.message("nested"), numbers, Of.WHOLE)).contains(numbers);
  }

  @ParameterizedTest
  @CsvSource({
    "0, WHOLE",
    "5, WHOLE",
    "1.1, WHOLE",
    "3.3, WHOLE",
    "3.1.1, WHOLE",
    "1, HEADER",
    "1, TEXT",
    "4, HEADER",
    "4.2.1, TEXT",
    "'', MIME",
  })
  void theNestedMessageHasNoSuchSection(String numbers, Of of) throws IOException {
    assertThat(section(Samples.message("nested"), numbers, of)).isEmpty();
  }

  @Test
  void messageInAPartHasAHeaderAndAText() throws IOException {
    var message = Samples.message("nested");
    assertThat(section(message, "4.2", Of.HEADER).orElseThrow())
        .startsWith("Subject: four two\r\n")
        .endsWith("boundary=e\r\n\r\n");
    assertThat(section(message, "4.2", Of.TEXT).orElseThrow())
        .startsWith("--e\r\n")
        .endsWith("--e--");
    assertThat(section(message, "4.2", Of.WHOLE).orElseThrow())
        .startsWith("Subject: four two\r\n")
        .endsWith("--e--");
    assertThat(section(message, "4.2", Of.MIME)).contains("Content-Type: message/rfc822\r\n\r\n");
    assertThat(section(message, "4.2.2", Of.MIME).orElseThrow()).contains("boundary=f");
  }

  @Test
  void messageItselfHasAHeaderAndAText() {
    var message = Samples.octets("Subject: x\r\n\r\nbody\r\n");
    assertThat(section(message, "", Of.WHOLE)).contains("Subject: x\r\n\r\nbody\r\n");
    assertThat(section(message, "", Of.HEADER)).contains("Subject: x\r\n\r\n");
    assertThat(section(message, "", Of.TEXT)).contains("body\r\n");
  }

  @Test
  void bodyWithoutPartsIsPart1() {
    var message = Samples.octets("Subject: x\r\n\r\nbody\r\n");
    assertThat(section(message, "1", Of.WHOLE)).contains("body\r\n");
    assertThat(section(message, "1", Of.MIME)).contains("Subject: x\r\n\r\n");
    assertThat(section(message, "2", Of.WHOLE)).isEmpty();
  }

  @Test
  void messageThatIsOnlyAMessageHasItsPartsBehindPart1() throws IOException {
    var message = Samples.message("message-alone");
    assertThat(section(message, "1", Of.HEADER))
        .contains("From: inner@example.test\r\nSubject: inner\r\n\r\n");
    assertThat(section(message, "1.1", Of.WHOLE)).contains("inner text\r\n");
    assertThat(section(message, "1.2", Of.WHOLE)).isEmpty();
  }
}
