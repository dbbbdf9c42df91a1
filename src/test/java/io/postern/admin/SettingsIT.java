package io.postern.admin;

import static io.postern.admin.Api.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** The settings in force, and the services they switch on. */
@QuarkusTest
class SettingsIT {
  @Test
  void settingsAreShownWithTheirSourcesAndSecretsAreNot() {
    var shown =
        admin()
            .get("/admin/v1/settings")
            .then()
            .statusCode(200)
            .body("generation", greaterThanOrEqualTo(1))
            .body("$", not(hasKey("lastError")))
            .body("settings.find { it.key == 'mail.imap.enabled' }.value", equalTo("true"))
            .body("settings.find { it.key == 'mail.imap.enabled' }.hot", equalTo(true))
            .body("settings.find { it.key == 'mail.pop3.login-delay' }.source", equalTo("default"))
            .body("settings.find { it.key == 'mail.admin.bootstrap-token' }.value", equalTo("set"));
    assertThat(shown.extract().asString()).doesNotContain(Api.TOKEN);
  }

  @Test
  void servicesAreListed() {
    admin()
        .get("/admin/v1/components")
        .then()
        .statusCode(200)
        .body("items.find { it.name == 'imap' }.enabled", equalTo(true))
        .body("items.find { it.name == 'imap' }.state", equalTo("active"))
        .body("items.find { it.name == 'lmtp' }.endpoints.size()", equalTo(1));
  }
}
