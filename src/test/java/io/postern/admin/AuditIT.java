package io.postern.admin;

import static io.postern.admin.Api.ACCOUNTS;
import static io.postern.admin.Api.admin;
import static io.postern.admin.Api.with;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.postern.Eventually;
import io.postern.admin.security.Roles;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The audit trail as administrators read it. */
@QuarkusTest
class AuditIT {
  private static final String AUDIT = "/admin/v1/audit";

  private static JsonPath audit(Map<String, ?> query) {
    return with(Roles.VIEWER)
        .queryParams(query)
        .get(AUDIT)
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  /**
   * The calls about an account, as soon as there are so many: they are written after the answer.
   */
  private static JsonPath audited(String account, int calls) {
    return Eventually.found(
        calls + " calls about " + account,
        () ->
            Optional.of(audit(Map.of("account", account)))
                .filter(found -> found.getList("items").size() >= calls));
  }

  /** Creates an account, changes it and deletes it. */
  private static String history() {
    var account = Api.account("Audited");
    audited(account, 1);
    with(Roles.ADMIN)
        .contentType("application/json")
        .body(Map.of("popEnabled", false))
        .patch(ACCOUNTS + "/" + account)
        .then()
        .statusCode(200);
    audited(account, 2);
    with(Roles.SERVER_ADMIN).delete(ACCOUNTS + "/" + account).then().statusCode(403);
    audited(account, 3);
    return account;
  }

  @Test
  void callsAreFoundByWhatTheyDidAndByWhom() {
    var before = Instant.now().minusSeconds(60).toString();
    var account = history();
    var name = account.toLowerCase(Locale.ROOT);
    var all = audit(Map.of("account", account));
    assertThat(all.<String>getList("items.action"))
        .containsExactlyInAnyOrder(
            "DELETE accounts/{name}", "PATCH accounts/{name}", "POST accounts");
    assertThat(all.<String>getList("items.account")).containsOnly(name);
    assertThat(all.<String>getList("items.address")).doesNotContain("");
    assertThat(all.prettyPrint()).doesNotContain(Api.PASSWORD);

    var change = audit(Map.of("account", account, "action", "PATCH"));
    assertThat(change.<String>getList("items.actor")).containsExactly("operator@example.test");
    assertThat(change.<Integer>getList("items.status")).containsExactly(200);
    assertThat(change.getString("items[0].path")).isEqualToIgnoringCase(ACCOUNTS + "/" + account);
    assertThat(audit(Map.of("account", account, "actor", "nobody")).getList("items")).isEmpty();
    assertThat(audit(Map.of("account", account, "from", before)).getList("items")).hasSize(3);
    assertThat(audit(Map.of("account", account, "to", before)).getList("items")).isEmpty();
  }

  @Test
  void pagesGoBackInTime() {
    var account = history();
    var first = audit(Map.of("account", account, "limit", 2));
    assertThat(first.<Integer>getList("items.status")).containsExactly(403, 200);
    var second = audit(Map.of("account", account, "limit", 2, "after", first.getString("next")));
    assertThat(second.<Integer>getList("items.status")).containsExactly(201);
    assertThat(second.getString("next")).isNull();
  }

  @Test
  void callsWithoutATokenAreNotKept() {
    var account = Api.name("nobody");
    given().delete(ACCOUNTS + "/" + account).then().statusCode(401);
    with(Roles.VIEWER).delete(ACCOUNTS + "/" + account).then().statusCode(403);
    assertThat(audited(account, 1).<Integer>getList("items.status")).isEqualTo(List.of(403));
  }

  @Test
  void invalidMomentsAreRefused() {
    admin()
        .queryParam("from", "yesterday")
        .get(AUDIT)
        .then()
        .statusCode(400)
        .body("errors.field", contains("from"));
    admin().queryParam("to", "2026-01-31").get(AUDIT).then().statusCode(400);
    with("other").get(AUDIT).then().statusCode(403).body("status", equalTo(403));
  }
}
