package io.postern.observe;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

/** Readiness reports the state of the bundled servers. */
@QuarkusTest
class BundledServersReadinessIT {
  private static final String POSTGRESQL = "io.postern.embedded.state.postgresql";
  private static final String REDIS = "io.postern.embedded.state.redis";

  @ConfigProperty(name = "quarkus.management.port")
  int management;

  @Test
  void readinessListsBundledServers() {
    given()
        .baseUri("http://localhost:" + management)
        .get("/q/health/ready")
        .then()
        .statusCode(200)
        .body("checks.find { it.name == 'bundled servers' }.data.postgresql", equalTo("running"))
        .body("checks.find { it.name == 'bundled servers' }.data.redis", equalTo("running"));
  }

  @Test
  void aNodeIsReadyWithoutRedisButNotWithoutPostgres() {
    assertThat(checkWith(REDIS, "given up after 10 tries")).isEqualTo(Status.UP);
    assertThat(checkWith(POSTGRESQL, "restarting, try 2 of 10")).isEqualTo(Status.DOWN);
  }

  private static Status checkWith(String property, String state) {
    var before = System.setProperty(property, state);
    try {
      var answer = new BundledServersReadiness().call();
      assertThat(answer.getData().orElseThrow()).containsValue(state);
      return answer.getStatus();
    } finally {
      System.setProperty(property, String.valueOf(before));
    }
  }
}
