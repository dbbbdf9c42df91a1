package io.postern.admin;

import static io.postern.admin.Api.ACCOUNTS;
import static io.postern.admin.Api.SESSIONS;
import static io.postern.admin.Api.admin;
import static io.postern.admin.Api.bearing;
import static io.postern.admin.Api.with;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The roles of the calls, and their audit. */
@QuarkusTest
class AccessIT {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin/v1/settings",
        "/admin/v1/components",
        "/admin/v1/components/imap/state",
        "/admin/v1/sessions",
        "/admin/v1/accounts/alice@example.test",
        "/admin/v1/accounts/alice@example.test/recoverable-items",
      })
  void everyCallNeedsAToken(String path) {
    unauthorized(given().get(path));
    with("mail-viewer").get(path).then().statusCode(200);
    admin().get(path).then().statusCode(200);
  }

  @Test
  void aWrongTokenIsRefused() {
    unauthorized(bearing(Api.TOKEN + "0").get(SESSIONS));
    unauthorized(bearing(Api.TOKEN.substring(1)).get(SESSIONS));
    unauthorized(bearing("").get(SESSIONS));
    unauthorized(given().header("Authorization", "Basic YTpi").get(SESSIONS));
    unauthorized(given().header("Authorization", Api.TOKEN).get(SESSIONS));
  }

  @Test
  void aTokenOfAnotherIssuerOrExpiredIsRefused() {
    var minute = Duration.ofMinutes(1);
    unauthorized(
        bearing(Tokens.of("https://other.example.test", minute, "x", "mail-admin")).get(SESSIONS));
    unauthorized(
        bearing(Tokens.of("https://issuer.example.test", minute.negated(), "x", "mail-admin"))
            .get(SESSIONS));
  }

  private static void unauthorized(Response response) {
    response
        .then()
        .statusCode(401)
        .contentType("application/problem+json")
        .header("WWW-Authenticate", containsString("Bearer"))
        .body("status", equalTo(401))
        .body("title", equalTo("Unauthorized"))
        .body("detail", containsString("bearer token"));
  }

  @Test
  void theSchemeIsComparedWithoutCase() {
    given().header("Authorization", "bearer " + Api.TOKEN).get(SESSIONS).then().statusCode(200);
  }

  @Test
  void rolesPermitTheirCallsOnly() {
    for (var roles : List.of(new String[] {"mail-viewer"}, new String[] {"other"}, new String[0])) {
      forbidden(with(roles).delete(SESSIONS + "/0000000000000000"));
      forbidden(state(roles));
      forbidden(create(roles));
    }
    forbidden(with("other").get(SESSIONS));
    with("mail-server-admin").delete(SESSIONS + "/0000000000000000").then().statusCode(404);
    assertThat(state("mail-server-admin").statusCode()).isEqualTo(422);
    forbidden(create("mail-server-admin"));
    assertThat(create("mail-admin").statusCode()).isEqualTo(422);
  }

  private static Response state(String... roles) {
    return with(roles)
        .contentType(ContentType.JSON)
        .body(Map.of("state", "none"))
        .post("/admin/v1/components/imap/state");
  }

  private static Response create(String... roles) {
    return with(roles).contentType(ContentType.JSON).body(Map.of("name", "x")).post(ACCOUNTS);
  }

  private static void forbidden(Response response) {
    response
        .then()
        .statusCode(403)
        .contentType("application/problem+json")
        .body("title", equalTo("Forbidden"));
  }

  @Test
  void refusalsAndChangesAreAuditedWithoutSecrets() {
    var lines = new CopyOnWriteArrayList<String>();
    var log = Logger.getLogger("mail.audit");
    var handler = new Lines(lines);
    log.addHandler(handler);
    try {
      given().get(SESSIONS + "?audit").then().statusCode(401);
      create("mail-viewer").then().statusCode(403);
      var name = Api.account("audit");
      assertThat(lines)
          .anySatisfy(line -> assertThat(line).contains("admin-refused", "\"status\":401", "\"-\""))
          .anySatisfy(
              line -> assertThat(line).contains("\"status\":403", "operator@example.test", "POST"))
          .anySatisfy(
              line -> assertThat(line).contains("admin-call", "\"who\":\"bootstrap-token\""))
          .allSatisfy(line -> assertThat(line).startsWith("{").doesNotContain(Api.PASSWORD))
          .allSatisfy(line -> assertThat(line).doesNotContain(Api.TOKEN));
      int before = lines.size();
      admin().get(ACCOUNTS + "/" + name).then().statusCode(200);
      assertThat(new ArrayList<>(lines)).hasSize(before);
    } finally {
      log.removeHandler(handler);
    }
  }

  private static final class Lines extends Handler {
    private final List<String> lines;

    Lines(List<String> lines) {
      this.lines = lines;
    }

    @Override
    public void publish(LogRecord line) {
      lines.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
