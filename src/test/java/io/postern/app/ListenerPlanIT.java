package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.TestSettings;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

/** The server has a certificate and no trust store. */
@QuarkusTest
class ListenerPlanIT {
  @Inject ListenerPlan plan;
  @Inject Config config;

  private List<String> objections(String... settings) {
    return plan.objections(TestSettings.over(config, List.of(settings)));
  }

  @Test
  void settingsThatWouldCloseOpenListenersAreRejected() {
    assertThat(objections()).isEmpty();
    assertThat(objections("mail.lmtp.require-tls=true")).isEmpty();
    assertThat(objections("mail.auth.certificates.enabled=true"))
        .singleElement()
        .asString()
        .startsWith("mail.auth.certificates.enabled is true")
        .contains("quarkus.tls.mail.trust-store.pem.certs");
    assertThat(objections("mail.lmtp.require-client-certificate=true"))
        .singleElement()
        .asString()
        .startsWith("mail.lmtp.require-client-certificate is true");
  }

  @Test
  void aDisabledServiceHasNoObjections() {
    assertThat(objections("mail.lmtp.require-client-certificate=true", "mail.lmtp.enabled=false"))
        .isEmpty();
  }
}
