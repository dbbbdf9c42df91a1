package io.postern.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The messages in src/test/structures; those not named {@code *.lf} are read with CRLF. */
final class Samples {
  static final Path FOLDER = Path.of("src/test/structures");

  private Samples() {}

  static List<String> names() throws IOException {
    try (var files = Files.list(FOLDER)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith(".eml"))
          .map(f -> f.substring(0, f.length() - ".eml".length()))
          .sorted()
          .toList();
    }
  }

  static Buffer message(String name) throws IOException {
    var text = Files.readString(FOLDER.resolve(name + ".eml"), ISO_8859_1);
    return octets(name.endsWith(".lf") ? text : text.replace("\n", "\r\n"));
  }

  static Buffer octets(String text) {
    return Buffer.buffer(text.getBytes(ISO_8859_1));
  }

  static MessageFacts scan(Buffer message) {
    var scanner = new MessageScanner();
    scanner.feed(message);
    return scanner.finish();
  }

  static MessageFacts scan(String message) {
    return scan(octets(message));
  }
}
