package io.postern.admin;

import static io.postern.admin.Api.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import io.postern.admin.security.Roles;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests to log the commands of an account or a network. */
@QuarkusTest
class ProtocolLogsIT {
  private static final String LOGS = "/admin/v1/protocol-logs";

  @Test
  void aRequestIsListedUntilItIsEnded() {
    var made =
        admin(Map.of("user", "Alice@example.test", "protocol", "imap", "minutes", 1))
            .post(LOGS)
            .then()
            .statusCode(201)
            .body("user", equalTo("alice@example.test"));
    String id = made.extract().path("id");
    assertThat(made.extract().header("Location")).endsWith(LOGS + "/" + id);
    admin().get(LOGS).then().statusCode(200).body("items.id", hasItem(id));
    Api.with(Roles.VIEWER).delete(LOGS + "/" + id).then().statusCode(403);
    admin().delete(LOGS + "/" + id).then().statusCode(204);
    admin().delete(LOGS + "/" + id).then().statusCode(404);
    admin().get(LOGS).then().statusCode(200).body("items.id", not(hasItem(id)));
  }

  @Test
  void allErrorsAreReportedTogether() {
    admin(Map.of("network", "x", "protocol", "lmtp", "minutes", 1_441))
        .post(LOGS)
        .then()
        .statusCode(422)
        .body("errors.field", hasSize(3));
    admin(Map.of("minutes", 0))
        .post(LOGS)
        .then()
        .statusCode(422)
        .body("errors.field", equalTo(java.util.List.of("user", "minutes")));
    admin(Map.of("network", "192.0.2.0/24", "minutes", 1_440)).post(LOGS).then().statusCode(201);
  }
}
