package io.postern.embedded;

import static io.restassured.RestAssured.given;
import static io.restassured.http.ContentType.JSON;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;

import io.postern.sessions.PackagedServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The ordinary package, which carries no servers, runs with those beside it. */
@QuarkusIntegrationTest
@WithTestResource(PackagedServer.class)
class PackageIT {
  private static final String ACCOUNTS = "/admin/v1/accounts";

  // Set by PackagedServer.
  @SuppressWarnings("NullAway.Init")
  PackagePorts ports;

  @Test
  void itIsReady() {
    given()
        .port(ports.management())
        .get("/q/health/ready")
        .then()
        .statusCode(200)
        .body("status", equalTo("UP"));
  }

  @Test
  void itExportsItsMeters() {
    given()
        .port(ports.management())
        .get("/q/metrics")
        .then()
        .statusCode(200)
        .body(containsString("mail_connections{"))
        .body(containsString("mail_store_up 1.0"));
  }

  @Test
  void itServesTheAdminApi() {
    var name = UUID.randomUUID() + "@example.test";
    var account = Map.of("name", name, "password", "correct horse");
    given()
        .port(ports.http())
        .contentType(JSON)
        .body(account)
        .post("/admin/v1/accounts")
        .then()
        .statusCode(401)
        .contentType("application/problem+json");
    admin().contentType(JSON).body(account).post("/admin/v1/accounts").then().statusCode(201);
    admin()
        .get("/admin/v1/accounts/" + name)
        .then()
        .statusCode(200)
        .body("name", equalTo(name))
        .body("imapEnabled", equalTo(true));
  }

  @Test
  void itServesTheOpenApiDocument() {
    document("/q/openapi?format=json")
        .contentType("application/json")
        .body("paths", hasKey(ACCOUNTS));
    document("/q/openapi.json").contentType("application/json").body("paths", hasKey(ACCOUNTS));
    document("/q/openapi").contentType("application/yaml").body(containsString(ACCOUNTS + ":"));
    document("/q/openapi.yml").contentType("application/yaml").body(containsString("openapi: 3."));
    given()
        .port(ports.management())
        .accept("application/json")
        .head("/q/openapi")
        .then()
        .statusCode(200)
        .contentType("application/json");
  }

  private ValidatableResponse document(String path) {
    return given().port(ports.management()).get(path).then().statusCode(200);
  }

  private RequestSpecification admin() {
    return given().port(ports.http()).auth().oauth2(PackagedServer.TOKEN);
  }
}
