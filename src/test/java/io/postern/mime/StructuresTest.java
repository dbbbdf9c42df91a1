package io.postern.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Golden pairs: a message and its expected structure. The actual one is written to
 * target/structures.
 */
class StructuresTest {
  static Stream<String> names() throws IOException {
    return Samples.names().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void asExpected(String name) throws IOException {
    var actual = structure(Samples.message(name));
    var out = Path.of("target/structures");
    Files.createDirectories(out);
    Files.writeString(out.resolve(name + ".body"), actual, ISO_8859_1);
    var expected = Files.readString(Samples.FOLDER.resolve(name + ".body"), ISO_8859_1);
    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void pairsAreComplete() throws IOException {
    try (var files = Files.list(Samples.FOLDER)) {
      assertThat(files.filter(f -> f.toString().endsWith(".body")))
          .hasSize(Samples.names().size())
          .hasSizeGreaterThanOrEqualTo(25);
    }
  }

  private static String structure(Buffer message) {
    var facts = Samples.scan(message);
    var text = new StringBuilder();
    text.append("ENVELOPE ").append(facts.envelope().toString(ISO_8859_1));
    text.append("\nBODY ").append(facts.body().toString(ISO_8859_1));
    text.append("\nBODYSTRUCTURE ").append(facts.bodyStructure().toString(ISO_8859_1));
    text.append("\nSENT ").append(facts.sent().map(Object::toString).orElse("unknown"));
    text.append("\nRANGES\n");
    ranges(facts.parts(), "  ", text);
    return text.toString().replace("\r\n", "\n");
  }

  private static void ranges(PartTree part, String indent, StringBuilder text) {
    text.append(indent).append(part.type()).append('/').append(part.subtype()).append(' ');
    text.append(part.headerStart()).append(' ').append(part.bodyStart()).append(' ');
    text.append(part.end()).append('\n');
    part.children().forEach(child -> ranges(child, indent + "  ", text));
  }
}
