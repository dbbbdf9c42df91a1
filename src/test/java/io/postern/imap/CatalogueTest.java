package io.postern.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.auth.Mechanisms;
import io.postern.imap.response.EnabledExtensions;
import io.postern.imap.spi.Extension;
import io.postern.imap.state.ConnectionState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the server announces is defined by an RFC, and shown by a session script. */
class CatalogueTest {
  private static final Path SESSIONS = Path.of("src", "test", "sessions", "imap");

  /** IDLE, the oldest. */
  private static final int FIRST_RFC = 2177;

  private static Stream<String> announced(Extension extension) {
    var before =
        new ConnectionState(
            false, true, Mechanisms.Offer.NONE, false, EnabledExtensions.NONE, false, false, "");
    return Stream.of(before, before.afterLogin())
        .flatMap(state -> extension.capabilities(state).stream())
        .distinct();
  }

  private static List<String> scripts() throws IOException {
    try (var files = Files.walk(SESSIONS)) {
      return files
          .filter(file -> file.toString().endsWith(".session"))
          .map(CatalogueTest::text)
          .toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyCapabilityIsNamedByAScriptOfItsRfc() throws IOException {
    var scripts = scripts();
    return Catalogue.extensions().extensions().stream()
        .flatMap(
            extension ->
                announced(extension)
                    .map(
                        name ->
                            DynamicTest.dynamicTest(
                                name, () -> isNamed(name, extension.rfc(), scripts))));
  }

  private static void isNamed(String capability, int rfc, List<String> scripts) {
    assertTrue(
        scripts.stream().anyMatch(script -> script.contains(capability)),
        "no script names " + capability);
    assertTrue(
        scripts.stream().flatMap(String::lines).anyMatch(line -> isOf(line, rfc)),
        "no script rests on RFC " + rfc);
  }

  private static boolean isOf(String line, int rfc) {
    return line.startsWith("rfc:") && line.matches(".*\\b" + rfc + "\\b.*");
  }

  @Test
  void everyExtensionHasAnRfc() {
    assertThat(Catalogue.extensions().extensions())
        .allSatisfy(it -> assertThat(it.rfc()).isGreaterThanOrEqualTo(FIRST_RFC));
  }
}
