package io.postern.admin;

import static io.postern.admin.Api.admin;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import io.postern.admin.security.Roles;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connectivity tests through the real listeners, and the health groups. */
@QuarkusTest
class ConnectivityTestsIT {
  private static final String TESTS = "/admin/v1/connectivity-tests/";

  @ConfigProperty(name = "quarkus.management.port")
  int management;

  @ParameterizedTest
  @CsvSource({
    "imap, plaintext",
    "imap, tls",
    "imap, ssl",
    "pop3, plaintext",
    "pop3, tls",
    "pop3, ssl"
  })
  void aMessageGoesThroughEachListener(String protocol, String type) {
    var account = Api.account("connectivity");
    admin(
            Map.of(
                "connectionType",
                type,
                "trustAnySSLCertificate",
                true,
                "mailboxCredential",
                Map.of("user", account, "password", Api.PASSWORD)))
        .post(TESTS + protocol)
        .then()
        .statusCode(200)
        .body("error", equalTo(null))
        .body("result", equalTo("success"))
        .body("connectionType", equalTo(type))
        .body("latencyMillis", greaterThan(0f))
        .body("scenarios.scenario", hasItems("connect", "login"));
  }

  @Test
  void aWrongPasswordIsAFailureOfTheTestNotOfTheCall() {
    var account = Api.account("connectivity");
    admin(
            Map.of(
                "connectionType",
                "ssl",
                "lightMode",
                true,
                "trustAnySSLCertificate",
                true,
                "mailboxCredential",
                Map.of("user", account, "password", "wrong")))
        .post(TESTS + "imap")
        .then()
        .statusCode(200)
        .body("result", equalTo("failure"))
        .body("error", startsWith("login: "))
        .body("scenarios.result", hasItem("failure"));
  }

  @Test
  void theCertificateIsVerifiedUnlessAnyIsTrusted() {
    admin(Map.of("connectionType", "ssl"))
        .post(TESTS + "imap")
        .then()
        .statusCode(200)
        .body("result", equalTo("failure"))
        .body("scenarios.scenario", contains("connect", "tls"));
  }

  @Test
  void allErrorsAreReportedTogether() {
    admin(Map.of("connectionType", "x", "perConnectionTimeout", 121, "timeout", 3_601, "port", 0))
        .post(TESTS + "imap")
        .then()
        .statusCode(422)
        .body("errors", hasSize(4));
    admin(Map.of()).post(TESTS + "lmtp").then().statusCode(404);
    // Another port of this machine is not connected to.
    admin(Map.of("port", 1)).post(TESTS + "imap").then().statusCode(409);
    Api.with(Roles.VIEWER).post(TESTS + "imap").then().statusCode(403);
  }

  @Test
  void eachProbeIsAHealthGroup() {
    for (var protocol : new String[] {"imap", "pop3"}) {
      for (var set : new String[] {"self-test", "deep-test", "ctp", "proxy-test"}) {
        given()
            .baseUri("http://localhost:" + management)
            .get("/q/health/group/" + protocol + "." + set)
            .then()
            .statusCode(200)
            .body("status", equalTo("UP"))
            .body("checks.name", contains(protocol + " " + set));
      }
      given()
          .baseUri("http://localhost:" + management)
          .get("/q/health/group/" + protocol)
          .then()
          .statusCode(200)
          .body("checks", hasSize(4));
    }
  }
}
