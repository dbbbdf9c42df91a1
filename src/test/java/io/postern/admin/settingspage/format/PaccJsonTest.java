package io.postern.admin.settingspage.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class PaccJsonTest {
  private static String json(ClientSettings settings) {
    return new String(PaccJson.of(settings).orElseThrow(), StandardCharsets.UTF_8);
  }

  /** The digest of these octets may be in the DNS of many domains: they must not change. */
  @Test
  void itsOctetsAreStable() {
    assertThat(json(Published.domain(Published.all(Published.OAUTH))))
        .isEqualTo(
            "{\"protocols\":{\"imap\":{\"host\":\"imap.example.com\"},"
                + "\"pop3\":{\"host\":\"pop.example.com\"},"
                + "\"smtp\":{\"host\":\"smtp.example.com\"}},"
                + "\"authentication\":{\"oauth-public\":{\"issuer\":\"https://login.example.com/\"},"
                + "\"password\":true},"
                + "\"info\":{\"provider\":{\"name\":\"example.com\",\"shortName\":\"example.com\"}}}");
    assertThat(json(Published.alice(Published.all())))
        .isEqualTo(json(Published.domain(Published.all())))
        .doesNotContain("oauth");
  }

  @Test
  void onlyStandardPortsWithTlsAreNamed() {
    var other =
        Published.all(
            "mail.imap.external-connection-settings=a.example.com:10993:SSL,b.example.com:143:TLS",
            "mail.pop3.external-connection-settings=a.example.com:995:TLS");
    assertThat(json(Published.domain(other))).startsWith("{\"protocols\":{\"smtp\":{");
    assertThat(PaccJson.of(Published.domain())).isEmpty();
  }

  @Test
  void theRecordIsTheDigestOfTheOctets() throws Exception {
    var settings = Published.domain(Published.all());
    var digest = MessageDigest.getInstance("SHA-256").digest(PaccJson.of(settings).orElseThrow());
    assertThat(DnsRecords.of(settings))
        .endsWith(
            "_ua-auto-config.example.com. IN TXT \"v=UAAC1; a=sha256; d="
                + Base64.getEncoder().encodeToString(digest)
                + "\"\n");
  }

  @Test
  void anIssuerWithoutMetadataIsNotNamed() {
    var settings = Published.all(Published.OAUTH);
    settings[settings.length - 3] = "mail.auth.oauth2.issuer=example";
    assertThat(json(Published.domain(settings))).doesNotContain("oauth-public");
  }
}
