package io.postern.admin;

import static io.postern.admin.Api.ACCOUNTS;
import static io.postern.admin.Api.SESSIONS;
import static io.postern.admin.Api.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every refusal is a problem (RFC 9457) that says what is wrong. */
@QuarkusTest
class ProblemsIT {
  private static final int LIMIT = 64 * 1024;
  private static final List<String> METHODS = List.of("PUT", "POST", "GET", "DELETE", "PATCH");

  @ConfigProperty(name = "quarkus.management.port")
  int management;

  @Test
  void missingResourcesAreNotFound() {
    problem(admin().get("/admin/v1/nothing"), 404).body("title", equalTo("Not Found"));
    problem(admin().get("/admin/v1/components/smtp/state"), 404)
        .body("detail", containsString("imap, pop3 and lmtp"));
    problem(admin().get(ACCOUNTS + "/nobody@example.test"), 404)
        .body("detail", containsString("nobody@example.test"));
    problem(admin().delete(SESSIONS + "/0123456789abcdef"), 404)
        .body("detail", containsString("0123456789abcdef"));
  }

  /** It has ports of its own. */
  @Test
  void theSettingsPageIsNotOnThePortOfTheAdminApi() {
    problem(admin().get("/settings"), 404);
    problem(admin().get("/mail/config-v1.1.xml"), 404);
  }

  @Test
  void anUnsupportedMethodIsRefused() {
    problem(admin().put("/admin/v1/settings"), 405).header("Allow", equalTo("GET, HEAD, OPTIONS"));
  }

  /** RFC 9110 §15.5.6; the paths are those of the document. */
  @Test
  void eachPathListsItsMethods() {
    var paths = document().statusCode(200).extract().<Map<String, Map<String, ?>>>path("paths");
    assertThat(paths).hasSizeGreaterThan(10);
    for (var path : paths.entrySet()) {
      var known =
          path.getValue().keySet().stream()
              .map(it -> it.toUpperCase(Locale.ROOT))
              .filter(METHODS::contains)
              .collect(Collectors.toCollection(TreeSet::new));
      var other = METHODS.stream().filter(it -> !known.contains(it)).findFirst().orElseThrow();
      known.add("OPTIONS");
      if (known.contains("GET")) {
        known.add("HEAD");
      }
      problem(admin().request(other, path.getKey().replaceAll("[{]\\w+[}]", "x")), 405)
          .header("Allow", equalTo(String.join(", ", known)));
    }
  }

  private ValidatableResponse document() {
    return io.restassured.RestAssured.given()
        .baseUri("http://localhost:" + management)
        .accept("application/json")
        .get("/q/openapi")
        .then();
  }

  @Test
  void aBodyThatIsNotJsonIsRefused() {
    problem(admin().contentType("text/plain").body("x").post(ACCOUNTS), 415);
    problem(admin("{\"name\": \"a@example.test\", "), 400);
    problem(admin("{\"name\": unquoted}"), 400).body("detail", not(containsString("unquoted")));
    problem(admin("{} {}"), 400);
    problem(admin("{\"name\": \"a\", \"name\": \"b\"}"), 400);
    problem(admin("[]"), 400);
  }

  private static ValidatableResponse problem(RequestSpecification request, int status) {
    return problem(request.post(ACCOUNTS), status);
  }

  @Test
  void unknownMembersAndWrongTypesAreNamed() {
    problem(admin(Map.of("name", "a@example.test", "pasword", "secret-word")), 400)
        .body("errors.field", hasItem("pasword"))
        .body("errors[0].allowed", containsString("name, password"))
        .body("errors[0].value", equalTo(""));
    problem(admin(Map.of("name", "a@example.test", "password", 12_345_678)), 400)
        .body("errors[0].field", equalTo("password"))
        .body("errors[0].allowed", equalTo("a string"));
    problem(admin(Map.of("name", Map.of("x", 1), "password", Api.PASSWORD)), 400)
        .body("errors[0].field", equalTo("name"));
  }

  @Test
  void allErrorsAreReportedTogether() {
    problem(admin(Map.of("name", "no address", "password", "short")), 422)
        .body("title", equalTo("Unprocessable Content"))
        .body("errors.find { it.field == 'name' }.value", equalTo("no address"))
        .body("errors.find { it.field == 'name' }.allowed", containsString("local-part@domain"))
        .body("errors.find { it.field == 'password' }.value", equalTo("***"))
        .body("errors.find { it.field == 'password' }.allowed", containsString("8 to 256"));
    problem(admin().contentType("application/json").post(ACCOUNTS), 422)
        .body("errors.field", hasItem("name"));
  }

  @Test
  void theSizeOfABodyIsLimited() {
    problem(admin(padded(LIMIT)), 422);
    problem(admin(padded(LIMIT + 1)), 413)
        .body("detail", containsString("65536"))
        .body("$", not(hasKey("errors")));
  }

  @Test
  void aBodyOfUnknownLengthHasTheSameLimit() {
    problem(chunked(LIMIT), 422);
    problem(chunked(LIMIT + 1), 413).body("detail", containsString("65536"));
  }

  private static RequestSpecification chunked(int octets) {
    var body = new ByteArrayInputStream(padded(octets).getBytes(StandardCharsets.UTF_8));
    return admin().contentType(ContentType.JSON).body(body);
  }

  private static String padded(int octets) {
    return "{\"name\": \"\"" + " ".repeat(octets - 12) + "}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "501", "-1", "many", "99999999999999999999"})
  void aPageHasItsBounds(String limit) {
    problem(admin().queryParam("limit", limit).get(SESSIONS), 400)
        .body("errors[0].field", equalTo("limit"))
        .body("errors[0].value", equalTo(limit))
        .body("errors[0].allowed", equalTo("1 to 500"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "500"})
  void aPageOfTheLargestSizeIsReturned(String limit) {
    admin().queryParam("limit", limit).get(SESSIONS).then().statusCode(200);
  }

  @Test
  void theOpenApiDocumentListsCallsAndFailures() {
    document()
        .statusCode(200)
        .body("info.title", equalTo("Postern administration"))
        .body("components.securitySchemes.bearer.scheme", equalTo("bearer"))
        .body("components.schemas", hasKey("Problem"))
        .body("paths.'/admin/v1/accounts'.post.security[0]", hasKey("bearer"))
        .body(
            "paths.'/admin/v1/accounts'.post.responses.'409'.content",
            hasKey("application/problem+json"))
        .body(
            "paths.'/admin/v1/settings'.get.responses.'401'.content",
            hasKey("application/problem+json"));
    admin().get("/q/openapi").then().statusCode(404);
    admin().get("/q/swagger-ui").then().statusCode(404);
  }

  private static ValidatableResponse problem(Response response, int status) {
    return response
        .then()
        .statusCode(status)
        .contentType("application/problem+json")
        .body("status", equalTo(status));
  }
}
