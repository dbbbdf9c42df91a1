package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.TestSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoAccountsTest {
  @ParameterizedTest
  @CsvSource({
    "true, 0, false, true, true",
    "false, 1, false, true, true",
    "true, 0, true, true, false",
    "true, 5, false, false, false",
    "false, 0, false, true, false",
  })
  void productionRefusesThemBesideADatabaseOfItsOwn(
      boolean demo, int bulk, boolean embedded, boolean production, boolean refused) {
    var settings =
        TestSettings.boot(
            "mail.demo.enabled=" + demo,
            "mail.demo.bulk-accounts=" + bulk,
            "mail.embedded.enabled=" + embedded);
    assertThat(DemoAccounts.refused(settings, production)).isEqualTo(refused);
  }
}
