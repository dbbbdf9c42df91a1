package io.postern.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The messages in src/test/structures; those not named {@code *.lf} are read with CRLF. */
public final class Samples {
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

  public static Buffer octets(String text) {
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

  /** Multiparts in multiparts, that number of levels, and a text in the innermost. */
  static Buffer nested(int levels) {
    var text = new StringBuilder();
    for (int level = 0; level < levels; level++) {
      text.append("Content-Type: multipart/mixed; boundary=boundary-of-level-").append(level);
      text.append("-\r\n\r\n--boundary-of-level-").append(level).append("-\r\n");
    }
    text.append("Content-Type: text/plain; name=innermost\r\n\r\ntext");
    for (int level = levels - 1; level >= 0; level--) {
      text.append("\r\n--boundary-of-level-").append(level).append("---");
    }
    return octets(text.append("\r\n").toString());
  }
}
