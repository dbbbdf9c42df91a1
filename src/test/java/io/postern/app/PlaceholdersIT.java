package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A package with a secret of the examples does not start and names the setting. */
@Timeout(120)
class PlaceholdersIT {
  @Test
  void aServerWithTheExamplesPasswordDoesNotStart() throws Exception {
    var builder = new ProcessBuilder(PackageCommand.of(Map.of("quarkus.http.port", "0")));
    builder.environment().put("QUARKUS_DATASOURCE_PASSWORD", Placeholders.VALUE);
    var process = builder.redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(said)
        .contains("does not start with \"replace-me\"")
        .contains("QUARKUS_DATASOURCE_PASSWORD")
        .doesNotContain("Connect to ");
  }
}
