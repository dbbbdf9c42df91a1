package io.postern.app;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.postern.Eventually;
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

/**
 * While the database is unreachable: the admin API answers a problem with Retry-After; a server
 * that starts greets its clients, and serves them when the database is reachable.
 */
@Timeout(300)
class WithoutDatabaseIT {
  private static final String ACCOUNT = "/admin/v1/accounts/alice@example.test";

  private static final String PASSWORD = "correct horse";
  private static final String LOGIN = "LOGIN new@example.test \"" + PASSWORD + "\"";

  @TempDir Path directory;

  @Test
  void callsThatNeedItAreAnsweredWithAProblem() throws Exception {
    try (var postgres = new OwnPostgres(directory)) {
      // Of those only the certificate and Redis are used.
      var settings = new HashMap<>(new ServersForPackage().start());
      settings.putAll(postgres.settings());
      try (var server = new Replica(settings)) {
        Eventually.holds("the server is ready", server::ready);
        call(server).get(ACCOUNT).then().statusCode(200);
        postgres.kill();
        unavailable(call(server).get(ACCOUNT));
        unavailable(call(server).get("/admin/v1/accounts"));
        unavailable(call(server).get(ACCOUNT + "/grants"));
        unavailable(call(server).get(ACCOUNT + "/recoverable-items"));
        unavailable(create(server));
        unavailable(
            call(server)
                .contentType(ContentType.JSON)
                .body(Map.of("popEnabled", false))
                .patch(ACCOUNT));
        // State of this node needs no database.
        call(server).get("/admin/v1/sessions").then().statusCode(200);
        call(server).get("/admin/v1/settings").then().statusCode(200);
        call(server).get("/admin/v1/components").then().statusCode(200);
        postgres.start();
        Eventually.holds(
            "the account can be read", () -> call(server).get(ACCOUNT).statusCode() != 503);
        call(server).get(ACCOUNT).then().statusCode(200).body("popEnabled", equalTo(true));
        call(server).get("/admin/v1/accounts/new@example.test").then().statusCode(404);
      }
    }
  }

  /** All replicas would close their ports at once otherwise, for they share the database. */
  @Test
  void duringAFailoverAReplicaAnswersUnavailableAndStaysReadyUpToABound() throws Exception {
    try (var postgres = new OwnPostgres(directory)) {
      var settings = new HashMap<>(new ServersForPackage().start());
      settings.putAll(postgres.settings());
      settings.put("mail.store.unready-after", "PT10S");
      try (var server = new Replica(settings)) {
        Eventually.holds("the server is ready", server::ready);
        postgres.kill();
        // The outage begins with the first probe that sees it.
        server
            .health("ready")
            .then()
            .statusCode(200)
            .body("checks.find { it.name == 'database' }.data.state", equalTo("degraded"));
        try (var client = new Peer(server.imap())) {
          assertThat(client.line()).startsWith("* OK");
          assertThat(LoadClients.say(client, LOGIN)).startsWith("t NO [UNAVAILABLE]");
        }
        Eventually.holds("the server is not ready", () -> server.readiness() == 503);
        assertThat(server.health("live").statusCode()).isEqualTo(200);
        postgres.start();
        Eventually.holds("the server is ready", server::ready);
        server
            .health("ready")
            .then()
            .body("checks.find { it.name == 'database' }.data.state", equalTo("ok"));
      }
    }
  }

  /** An empty one at that: it gets its schema then. */
  @Test
  void aServerStartedBeforeItsDatabaseServesOnceItIsReachable() throws Exception {
    try (var postgres = new OwnPostgres(directory)) {
      postgres.kill();
      var settings = new HashMap<>(new ServersForPackage().start());
      settings.putAll(postgres.settings());
      settings.put("mail.demo.enabled", "false");
      settings.put("mail.store.call-timeout", "PT2S");
      try (var server = new Replica(settings);
          var client = new Peer(server.imap())) {
        assertThat(client.line()).startsWith("* OK");
        Eventually.holds("the server is not ready", () -> server.readiness() == 503);
        assertThat(server.health("live").statusCode()).isEqualTo(200);
        assertThat(LoadClients.say(client, LOGIN)).startsWith("t NO [UNAVAILABLE]");
        unavailable(create(server));

        postgres.start();
        Eventually.holds("the server is ready", server::ready);
        create(server).then().statusCode(201);
        // On the connection that it had all the time.
        assertThat(LoadClients.say(client, LOGIN)).startsWith("t OK");
      }
    }
  }

  private static Response create(Replica server) {
    return call(server)
        .contentType(ContentType.JSON)
        .body(Map.of("name", "new@example.test", "password", PASSWORD))
        .post("/admin/v1/accounts");
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
