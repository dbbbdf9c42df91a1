package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.net.AdvertisedServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** A server with the settings page on two ports. */
@QuarkusTest
@TestProfile(SettingsPageIT.WithPage.class)
class SettingsPageIT {
  private static final String PROFILE = "/settings/apple.mobileconfig?address=alice@example.test";

  /** The servers of development. */
  public static final class WithPage implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "mail.settings-page.bindings", "127.0.0.1:0",
          "mail.settings-page.ssl-bindings", "127.0.0.1:0",
          "mail.settings-page.domains", "example.test",
          "mail.settings-page.requests-per-minute", "10000",
          "mail.imap.external-connection-settings", "localhost:10993:SSL",
          "mail.smtp.advertised-settings", "smtp.example.test:465:SSL");
    }
  }

  @Inject SettingsPages pages;

  @ConfigProperty(name = "mail.imap.external-connection-settings")
  List<String> published = List.of();

  private Response get(String scheme, String path) {
    var page =
        pages.urls().stream()
            .filter(url -> url.startsWith(scheme + "://"))
            .findFirst()
            .orElseThrow()
            .replaceFirst("/settings$", "");
    return RestAssured.given().relaxedHTTPSValidation().urlEncodingEnabled(false).get(page + path);
  }

  @Test
  void bothPortsShowTheSettings() {
    assertThat(pages.failures()).isEmpty();
    for (var scheme : List.of("http", "https")) {
      var response = get(scheme, "/settings?address=alice@example.test");
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.asString())
          .contains(AdvertisedServer.parse(published).getFirst().host(), "10993");
    }
  }

  /** An address that exists is answered as one that does not. */
  @Test
  void accountsAreNotKnown() {
    var path = "/mail/config-v1.1.xml?emailaddress=";
    var alice = get("http", path + "alice@example.test");
    var nobody = get("http", path + "nobody@example.test");
    assertThat(nobody.statusCode()).isEqualTo(alice.statusCode()).isEqualTo(200);
    assertThat(nobody.asString().replace("nobody@", "alice@")).isEqualTo(alice.asString());
  }

  @Test
  void aProfileIsSignedWithTheCertificateOfTheMailPorts() throws Exception {
    var signed = new CMSSignedData(get("https", PROFILE).asByteArray());
    var content = (byte[]) signed.getSignedContent().getContent();
    assertThat(new String(content, StandardCharsets.UTF_8)).contains("alice@example.test");
    var signer = signed.getSignerInfos().iterator().next();
    var certificates = signed.getCertificates().getMatches(null);
    assertThat(certificates).isNotEmpty();
    X509CertificateHolder certificate = certificates.iterator().next();
    assertThat(signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(certificate))).isTrue();
  }
}
