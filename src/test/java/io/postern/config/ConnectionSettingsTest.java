package io.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.watch.Bounds;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is advertised is offered. */
class ConnectionSettingsTest {
  private static List<String> problems(String... settings) {
    return Bounds.problems(TestSettings.of(settings));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mail.imap.internal-connection-settings",
        "mail.imap.external-connection-settings",
        "mail.pop3.internal-connection-settings",
        "mail.pop3.external-connection-settings"
      })
  void anAdvertisedEncryptionNeedsABindingThatOffersIt(String key) {
    var service = key.substring(0, 9);
    var ssl = service + ".ssl-bindings=";
    var clear = service + ".unencrypted-or-tls-bindings=";
    var both = key + "=mail.example.com:1993:SSL,mail.example.com:1143:TLS";
    assertThat(problems(both)).isEmpty();
    assertThat(problems(both, ssl))
        .containsExactly(
            service
                + " advertises SSL, but no binding offers it: see "
                + service
                + ".ssl-bindings");
    assertThat(problems(both, ssl, service + ".proxy-ssl-bindings=[::]:1993")).isEmpty();
    assertThat(problems(both, clear))
        .containsExactly(
            service
                + " advertises TLS, but no binding offers it: see "
                + service
                + ".unencrypted-or-tls-bindings");
    assertThat(problems(both, clear, service + ".proxy-unencrypted-or-tls-bindings=0.0.0.0:1143"))
        .isEmpty();
    assertThat(problems(ssl, clear)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "secure-login, false",
    "plain-text-authentication, true",
    "plain-text-login, true",
  })
  void clearTextIsAdvertisedOnlyWhereALoginIsAllowedInIt(String loginType, boolean allowed) {
    var problems =
        problems(
            "mail.imap.internal-connection-settings=mail.example.com:143",
            "mail.imap.login-type=" + loginType);
    if (allowed) {
      assertThat(problems).isEmpty();
    } else {
      assertThat(problems)
          .containsExactly(
              "mail.imap advertises PLAINTEXT, but mail.imap.login-type is secure-login, which"
                  + " requires TLS");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mail.imap.internal-connection-settings",
        "mail.imap.external-connection-settings",
        "mail.pop3.internal-connection-settings",
        "mail.pop3.external-connection-settings",
        "mail.smtp.advertised-settings"
      })
  void anotherFormIsReportedOnceWithItsKey(String key) {
    assertThat(problems(key + "=mail.example.com:993:SSL,mail.example.com:imaps"))
        .singleElement()
        .asString()
        .startsWith(key + ": \"mail.example.com:imaps\" is no server");
  }

  @ParameterizedTest
  @CsvSource({
    "mail.settings-page.bindings, 0.0.0.0:8090, 8090",
    "mail.settings-page.ssl-bindings, [::]:8443, [::]",
    "mail.settings-page.domains, example.com, <script>",
  })
  void thePageHasItsOwnForms(String key, String right, String wrong) {
    assertThat(problems(key + "=" + right)).isEmpty();
    assertThat(problems(key + "=" + wrong))
        .singleElement()
        .asString()
        .startsWith(key + ": \"" + wrong + "\"");
  }
}
