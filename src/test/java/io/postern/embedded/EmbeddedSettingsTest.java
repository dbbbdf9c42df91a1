package io.postern.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmbeddedSettingsTest {

  private static final String CERTIFICATE = "quarkus.tls.mail.key-store.pem.0.cert";
  private static final Map<String, String> PASSING =
      Map.of("mail.embedded.enabled", "true", "mail.embedded.temporary", "true");

  private static SmallRyeConfig config(Map<String, String> settings) {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(settings, "test", 250))
        .withSources(new EmbeddedSettings())
        .build();
  }

  @Test
  void noSettingsAreAddedWhenSwitchedOff() {
    var config = config(Map.of("mail.embedded.enabled", "false"));
    assertThat(config.getOptionalValue("quarkus.redis.hosts", String.class)).isEmpty();
  }

  @Test
  void aDataDirectoryIsRequired() {
    assertThatThrownBy(() -> config(Map.of("mail.embedded.enabled", "true")))
        .hasMessageContaining("mail.embedded.data-dir");
  }

  @Test
  void aSecondCallReturnsTheSameServers() {
    var url = "quarkus.datasource.reactive.url";
    assertThat(config(PASSING).getValue(url, String.class))
        .isEqualTo(config(PASSING).getValue(url, String.class));
  }

  @Test
  void aCertificateIsCreated() {
    assertThat(Path.of(config(PASSING).getValue(CERTIFICATE, String.class))).isRegularFile();
  }

  @Test
  void aConfiguredCertificateIsKept() {
    var settings = new HashMap<>(PASSING);
    settings.put("quarkus.tls.mail.key-store.p12.path", "own.p12");
    assertThat(config(settings).getOptionalValue(CERTIFICATE, String.class)).isEmpty();
  }
}
