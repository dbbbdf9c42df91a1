package io.postern.admin.settingspage;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.admin.settingspage.format.Published;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered to the requests as mail programs send them. */
class SettingsRoutesTest {
  private static final String DOMAINS = "mail.settings-page.domains=example.com,example.org";

  private static SettingsRoutes routes(String... settings) {
    return new SettingsRoutes(
        new Live(TestSettings.of(Published.all(settings))),
        InstantSource.fixed(Instant.EPOCH),
        Optional::empty);
  }

  private static SettingsRequest request(String method, String uri, String host, String body) {
    var parameters = new HashMap<String, String>();
    int question = uri.indexOf('?');
    if (question >= 0) {
      for (var pair : List.of(uri.substring(question + 1).split("&", -1))) {
        parameters.put(pair.replaceFirst("=.*", ""), pair.replaceFirst("[^=]*=", ""));
      }
    }
    return new SettingsRequest(
        method,
        question < 0 ? uri : uri.substring(0, question),
        parameters,
        Optional.of(host).filter(it -> !it.isEmpty()),
        Optional.empty(),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static SettingsResponse get(String uri, String host, String... settings) {
    return routes(settings).answer(request("GET", uri, host, ""));
  }

  private static String body(SettingsResponse response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Thunderbird
        "/mail/config-v1.1.xml?emailaddress=alice@example.com",
        "/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=alice@example.com",
        "/.well-known/mail-v1.xml?emailaddress=alice@example.com"
      })
  void thunderbirdGetsTheSettingsOfTheAddress(String uri) {
    var response = get(uri, "autoconfig.example.org", DOMAINS);
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.type()).startsWith("application/xml");
    assertThat(response.headers()).containsEntry("Access-Control-Allow-Origin", "*");
    // The address decides, not the host.
    assertThat(body(response))
        .contains("<emailProvider id=\"example.com\">", ">alice@example.com<");
  }

  @ParameterizedTest
  @CsvSource({
    "autoconfig.example.org, example.org",
    "AutoConfig.Example.ORG:8443, example.org",
    "example.org, example.org",
    "mail.elsewhere.test, example.com",
    "127.0.0.1:8090, example.com",
    "'', example.com",
    "<script>, example.com",
  })
  void withoutAnAddressTheHostDecides(String host, String domain) {
    assertThat(body(get("/mail/config-v1.1.xml", host, DOMAINS)))
        .contains("<emailProvider id=\"" + domain + "\">", "%EMAILADDRESS%");
  }

  @ParameterizedTest
  @CsvSource({
    "autoconfig.example.org, example.org",
    "mail.elsewhere.test, example.net",
    "'', example.net"
  })
  void withoutDomainsInTheSettingsEveryHostIsAnswered(String host, String domain) {
    assertThat(body(get("/mail/config-v1.1.xml", host, "mail.auth.default-domain=example.net")))
        .contains("<emailProvider id=\"" + domain + "\">");
  }

  @ParameterizedTest
  @CsvSource({
    "/mail/config-v1.1.xml?emailaddress=nobody, 400, text/plain",
    "/mail/config-v1.1.xml?emailaddress=a@example.net, 404, text/plain",
    "/settings/dns?domain=-, 400, text/plain",
    "/settings/dns?domain=example.net, 404, text/plain",
    "/settings/dns?address=alice, 400, text/plain",
    "/settings/apple.mobileconfig, 400, text/plain",
    "/settings/apple.mobileconfig?address=alice@example.com&protocol=smtp, 400, text/plain",
    "/settings?address=alice, 400, text/html",
    "/settings?address=alice@example.net, 404, text/html",
    "/autodiscover/autodiscover.json?email=x&protocol=Autodiscoverv1, 400, application/problem+json",
    "/autodiscover/autodiscover.json/v1.0/a@example.net?protocol=autodiscoverv1, 404, application/problem+json",
    "/autodiscover/autodiscover.json/v1.0/%zz?protocol=autodiscoverv1, 400, application/problem+json",
    "/autodiscover/autodiscover.json/v2.0/a@example.com, 404, application/problem+json",
    "/admin/v1/accounts, 404, text/plain",
    "/q/health, 404, text/plain",
    "/settings/../admin, 404, text/plain",
    "/settings/page.html, 404, text/plain",
  })
  void whatCannotBeAnsweredIsRefusedWithAReason(String uri, int status, String type) {
    var response = get(uri, "example.com", DOMAINS);
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.type()).startsWith(type);
    assertThat(body(response)).isNotBlank();
    if (type.endsWith("problem+json")) {
      var problem = new JsonObject(body(response));
      assertThat(problem.getInteger("status")).isEqualTo(status);
      assertThat(problem.getString("detail")).endsWith(".");
    }
  }

  @Test
  void withoutSettingsThereAreNoFiles() {
    var routes =
        new SettingsRoutes(new Live(TestSettings.of()), InstantSource.system(), Optional::empty);
    for (var uri :
        List.of(
            "/mail/config-v1.1.xml",
            "/.well-known/user-agent-configuration.json",
            "/settings/apple.mobileconfig?address=alice@example.com")) {
      assertThat(routes.answer(request("GET", uri, "example.com", "")).status()).isEqualTo(404);
    }
    assertThat(routes.answer(request("GET", "/settings", "example.com", "")).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/autodiscover/autodiscover.xml",
        "/Autodiscover/Autodiscover.xml",
        "/AutoDiscover/AutoDiscover.XML"
      })
  void outlookPostsToAnyLetterCase(String path) {
    var body = "<Autodiscover><Request><EMailAddress>%s</EMailAddress></Request></Autodiscover>";
    var routes = routes(DOMAINS);
    var answer = routes.answer(request("POST", path, "h", body.formatted("alice@example.com")));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.type()).isEqualTo("application/xml; charset=utf-8");
    assertThat(body(answer)).contains("<LoginName>alice@example.com</LoginName>");
    assertThat(body(routes.answer(request("POST", path, "h", body.formatted("alice")))))
        .contains("<ErrorCode>600</ErrorCode>");
    assertThat(body(routes.answer(request("POST", path, "h", body.formatted("a@example.net")))))
        .contains("<ErrorCode>500</ErrorCode>");
    assertThat(routes.answer(request("POST", path, "h", "<!DOCTYPE x><x/>")).status())
        .isEqualTo(400);
    var get = routes.answer(request("GET", path, "h", ""));
    assertThat(get.status()).isEqualTo(405);
    assertThat(get.headers()).containsEntry("Allow", "POST");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/autodiscover/autodiscover.json?email=alice@example.com&protocol=Autodiscoverv1",
        "/Autodiscover/Autodiscover.json?protocol=AutodiscoverV1",
        "/autodiscover/autodiscover.json/v1.0/alice@example.com?protocol=autodiscoverv1"
      })
  void theSecondVersionOfAutodiscoverLeadsToTheFirst(String uri) {
    var response = get(uri, "autodiscover.example.com", DOMAINS);
    assertThat(response.type()).isEqualTo("application/json");
    assertThat(body(response))
        .isEqualTo(
            "{\"Protocol\":\"AutodiscoverV1\","
                + "\"Url\":\"https://autodiscover.example.com/autodiscover/autodiscover.xml\"}");
  }

  @Test
  void otherProtocolsAndHostsAreNoLocation() {
    var uri = "/autodiscover/autodiscover.json?email=alice@example.com&protocol=";
    var other = get(uri + "ActiveSync", "example.com", DOMAINS);
    assertThat(other.status()).isEqualTo(400);
    assertThat(new JsonObject(body(other)).getString("ErrorCode")).isEqualTo("InvalidProtocol");
    assertThat(get(uri + "Autodiscoverv1", "evil.test/x?", DOMAINS).status()).isEqualTo(400);
    assertThat(get(uri + "Autodiscoverv1", "", DOMAINS).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "POST", "DELETE", "OPTIONS", "TRACE", "PATCH"})
  void otherMethodsAreRefused(String method) {
    var response = routes().answer(request(method, "/settings", "example.com", ""));
    assertThat(response.status()).isEqualTo(405);
    assertThat(response.headers()).containsEntry("Allow", "GET, HEAD");
  }

  /** Only the settings and the request are known here; equal lengths show it for the content. */
  @Test
  void anAnswerDoesNotDependOnWhetherTheAddressExists() {
    var routes = routes(DOMAINS);
    for (var uri :
        List.of(
            "/settings?address=%s",
            "/mail/config-v1.1.xml?emailaddress=%s", "/settings/apple.mobileconfig?address=%s")) {
      var alice = routes.answer(request("GET", uri.formatted("alice@example.com"), "h", ""));
      var other = routes.answer(request("GET", uri.formatted("nobdy@example.com"), "h", ""));
      assertThat(other.status()).isEqualTo(alice.status()).isEqualTo(200);
      assertThat(body(other)).hasSameSizeAs(body(alice));
    }
  }

  @Test
  void theRootLeadsToThePage() {
    var response = get("/", "example.com");
    assertThat(response.status()).isEqualTo(302);
    assertThat(response.headers()).isEqualTo(Map.of("Location", "/settings"));
  }
}
