package io.postern.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The settings of bundled servers that run. */
class EmbeddedSettingsIT {

  private static final Map<String, String> TEMPORARY =
      Map.of("mail.embedded.enabled", "true", "mail.embedded.temporary", "true");

  private static SmallRyeConfig config() {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(TEMPORARY, "test", 250))
        .withSources(new EmbeddedSettings())
        .build();
  }

  @Test
  void aSecondCallReturnsTheSameServers() {
    var url = "quarkus.datasource.reactive.url";
    assertThat(config().getValue(url, String.class))
        .isEqualTo(config().getValue(url, String.class));
  }

  @Test
  void aCertificateIsCreated() {
    var certificate = config().getValue("quarkus.tls.mail.key-store.pem.0.cert", String.class);
    assertThat(Path.of(certificate)).isRegularFile();
  }

  @Test
  void everySettingHasAValue() {
    var config = config();
    assertThat(BundledServers.NAMES)
        .allSatisfy(name -> assertThat(config.getValue(name, String.class)).isNotBlank());
  }
}
