package io.postern.app;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.postern.embedded.OwnPostgres;
import io.postern.embedded.ServersForPackage;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Administration while the database is away: told so, in its own form, and when to come again. */
@Timeout(300)
class WithoutDatabaseIT {
  private static final String ACCOUNT = "/admin/v1/accounts/alice@example.test";

  @TempDir Path directory;

  @Test
  void callsThatNeedItAreAnsweredWithAProblem() throws Exception {
    try (var postgres = new OwnPostgres(directory)) {
      // Of those only the certificate and Redis are used.
      var settings = new HashMap<>(new ServersForPackage().start());
      settings.putAll(postgres.settings());
      try (var server = new Replica(settings)) {
        while (!server.ready()) {
          Thread.onSpinWait();
        }
        call(server).get(ACCOUNT).then().statusCode(200);
        postgres.kill();
        unavailable(call(server).get(ACCOUNT));
        unavailable(call(server).get("/admin/v1/accounts"));
        unavailable(call(server).get(ACCOUNT + "/grants"));
        unavailable(call(server).get(ACCOUNT + "/recoverable-items"));
        unavailable(
            call(server)
                .contentType(ContentType.JSON)
                .body(Map.of("name", "new@example.test", "password", "correct horse"))
                .post("/admin/v1/accounts"));
        unavailable(
            call(server)
                .contentType(ContentType.JSON)
                .body(Map.of("popEnabled", false))
                .patch(ACCOUNT));
        // What this node knows by itself is told.
        call(server).get("/admin/v1/sessions").then().statusCode(200);
        call(server).get("/admin/v1/settings").then().statusCode(200);
        call(server).get("/admin/v1/components").then().statusCode(200);
        postgres.start();
        while (call(server).get(ACCOUNT).statusCode() == 503) {
          Thread.onSpinWait();
        }
        call(server).get(ACCOUNT).then().statusCode(200).body("popEnabled", equalTo(true));
        call(server).get("/admin/v1/accounts/new@example.test").then().statusCode(404);
      }
    }
  }

  private static RequestSpecification call(Replica server) {
    return given()
        .baseUri("http://127.0.0.1:" + server.http())
        .header("Authorization", "Bearer " + Replica.TOKEN);
  }

  private static void unavailable(Response response) {
    response
        .then()
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", equalTo("5"))
        .body("title", equalTo("Service Unavailable"))
        .body("status", equalTo(503))
        .body("detail", containsString("database"));
  }
}
