package io.postern.embedded;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.postern.sessions.PackagedServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Test;

/** The ordinary package, which carries no servers, runs with those beside it. */
@QuarkusIntegrationTest
@WithTestResource(PackagedServer.class)
class PackageIT {

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
}
