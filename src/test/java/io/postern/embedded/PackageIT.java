package io.postern.embedded;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Test;

/** The ordinary package, which carries no servers, runs with those beside it. */
@QuarkusIntegrationTest
@QuarkusTestResource(ServersForPackage.class)
class PackageIT {

  // Set by ServersForPackage.
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
}
