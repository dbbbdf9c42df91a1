package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** A server does not start with the secrets of the examples. */
class PlaceholdersTest {
  private final Properties properties = new Properties();

  @Test
  void theExamplesSecretIsRefusedWhereverItStands() {
    properties.setProperty("quarkus.redis.hosts", "redis://:replace-me@redis:6379");
    properties.setProperty("mail.admin.bootstrap-token", "replace-me-replace-me");
    assertThat(
            Placeholders.settings(Map.of("QUARKUS_DATASOURCE_PASSWORD", "replace-me"), properties))
        .containsExactly(
            "QUARKUS_DATASOURCE_PASSWORD", "mail.admin.bootstrap-token", "quarkus.redis.hosts");
    assertThatThrownBy(() -> Placeholders.refuse(Map.of(), properties))
        .hasMessageContaining("mail.admin.bootstrap-token, quarkus.redis.hosts")
        .hasMessageNotContaining("redis://");
  }

  @Test
  void otherValuesAndOtherProgramsVariablesAreLeftAlone() {
    properties.setProperty("quarkus.datasource.password", "correct horse");
    properties.setProperty("user.dir", "/home/replace-me");
    assertThatCode(() -> Placeholders.refuse(Map.of("HOME", "/home/replace-me"), properties))
        .doesNotThrowAnyException();
  }
}
