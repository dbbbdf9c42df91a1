package io.postern.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings of bundled servers that were not needed yet. */
class EmbeddedSettingsTest {

  private static final String CERTIFICATE = "quarkus.tls.mail.key-store.pem.0.cert";
  private static final String REDIS = "quarkus.redis.hosts";

  @TempDir Path directory;
  private Path data;
  private Map<String, String> settings;

  @BeforeEach
  void setDataDirectory() {
    data = directory.resolve("data");
    settings = new HashMap<>();
    settings.put("mail.embedded.enabled", "true");
    settings.put("mail.embedded.data-dir", data.toString());
  }

  private SmallRyeConfig config() {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(settings, "test", 250))
        .withSources(new EmbeddedSettings())
        .build();
  }

  private static List<String> names(SmallRyeConfig config) {
    var names = new ArrayList<String>();
    config.getPropertyNames().forEach(names::add);
    return names;
  }

  @Test
  void noSettingsAreAddedWhenSwitchedOff() {
    settings.put("mail.embedded.enabled", "false");
    assertThat(names(config())).doesNotContain(REDIS);
    assertThat(config().getOptionalValue(REDIS, String.class)).isEmpty();
  }

  @Test
  void aDataDirectoryIsRequired() {
    settings.remove("mail.embedded.data-dir");
    assertThatThrownBy(this::config).hasMessageContaining("mail.embedded.data-dir");
  }

  @Test
  void noServerStartsBeforeOneOfItsSettingsIsRead() {
    var config = config();
    assertThat(names(config)).contains(REDIS, CERTIFICATE);
    assertThat(config.getValue("mail.embedded.enabled", boolean.class)).isTrue();
    assertThat(config.getOptionalValue("quarkus.redis.timeout", String.class)).isEmpty();
    assertThat(data).doesNotExist();
  }

  @Test
  void noServerStartsForASettingThatIsGiven() {
    settings.put("config_ordinal", "300");
    settings.put(REDIS, "redis://redis.example.test");
    assertThat(config().getValue(REDIS, String.class)).isEqualTo("redis://redis.example.test");
    assertThat(data).doesNotExist();
  }

  @Test
  void aConfiguredCertificateIsKept() {
    settings.put("quarkus.tls.mail.key-store.p12.path", "own.p12");
    assertThat(names(config())).contains(REDIS).doesNotContain(CERTIFICATE);
    assertThat(config().getOptionalValue(CERTIFICATE, String.class)).isEmpty();
    assertThat(data).doesNotExist();
  }
}
