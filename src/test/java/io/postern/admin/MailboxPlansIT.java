package io.postern.admin;

import static io.postern.admin.Api.ACCOUNTS;
import static io.postern.admin.Api.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import io.postern.admin.security.Roles;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Mailbox plans, and the accounts that have them. */
@QuarkusTest
class MailboxPlansIT {
  private static final String PLANS = "/admin/v1/mailbox-plans/";
  private static final Map<String, Object> STAFF =
      Map.of(
          "popEnabled",
          false,
          "imap",
          Map.of("useProtocolDefaults", false, "messageRetrievalMimeFormat", "text-only"),
          "quota",
          Map.of("issueWarningQuota", 100, "maxMessages", 7),
          "deletedItemRetentionDays",
          30);

  private final String name = "staff-" + UUID.randomUUID();
  private final String plan = PLANS + name;

  private static ValidatableResponse patch(String account, Map<String, ?> change) {
    return admin(change).patch(ACCOUNTS + "/" + account).then();
  }

  private static ValidatableResponse get(String path) {
    return admin().get(path).then().statusCode(200);
  }

  @Test
  void aPlanIsCreatedReplacedAndDeleted() {
    admin(STAFF)
        .put(plan)
        .then()
        .statusCode(201)
        .header("Location", endsWith(plan))
        .body("popEnabled", equalTo(false));
    get(plan)
        .body("name", equalTo(name))
        .body("byDefault", equalTo(false))
        .body("imapEnabled", equalTo(true))
        .body("imap.messageRetrievalMimeFormat", equalTo("text-only"))
        .body("pop3.useProtocolDefaults", equalTo(true))
        .body("quota", equalTo(Map.of("issueWarningQuota", 100, "maxMessages", 7)))
        .body("deletedItemRetentionDays", equalTo(30));
    admin()
        .queryParam("after", name.substring(0, name.length() - 1))
        .queryParam("limit", 1)
        .get("/admin/v1/mailbox-plans")
        .then()
        .statusCode(200)
        .body("items.name", contains(name));
    admin(Map.of()).put(plan).then().statusCode(200).body("popEnabled", equalTo(true));
    admin().delete(plan).then().statusCode(204);
    admin().delete(plan).then().statusCode(404);
    admin().get(plan).then().statusCode(404);
  }

  @Test
  void anAccountHasWhatItsPlanSaysUnlessItHasItsOwn() {
    admin(STAFF).put(plan).then().statusCode(201);
    var account = Api.account("planned");
    get(ACCOUNTS + "/" + account).body("$", not(hasKey("plan"))).body("own", hasSize(0));
    patch(account, Map.of("plan", name, "imapEnabled", false))
        .statusCode(200)
        .body("plan", equalTo(name))
        .body("imapEnabled", equalTo(false))
        .body("popEnabled", equalTo(false))
        .body("deletedItemRetentionDays", equalTo(30))
        .body("own", contains("imapEnabled"));
    get(ACCOUNTS + "/" + account + "/quota")
        .body("own", equalTo(Map.of()))
        .body("inForce.maxMessages", equalTo(7));
    patch(account, Map.of("popEnabled", true, "deletedItemRetentionDays", 2))
        .statusCode(200)
        .body("popEnabled", equalTo(true))
        .body("deletedItemRetentionDays", equalTo(2))
        .body("own", containsInAnyOrder("imapEnabled", "popEnabled", "deletedItemRetentionDays"));
    patch(account, Map.of("inherit", List.of("popEnabled", "imapEnabled")))
        .statusCode(200)
        .body("imapEnabled", equalTo(true))
        .body("popEnabled", equalTo(false))
        .body("own", contains("deletedItemRetentionDays"));
    patch(account, Map.of("plan", ""))
        .statusCode(200)
        .body("popEnabled", equalTo(true))
        .body("$", not(hasKey("plan")));
  }

  @Test
  void aPlanInUseIsNotDeleted() {
    admin(STAFF).put(plan).then().statusCode(201);
    var account = Api.name("planned");
    admin(Map.of("name", account, "password", Api.PASSWORD, "plan", name))
        .post(ACCOUNTS)
        .then()
        .statusCode(201)
        .body("plan", equalTo(name));
    admin().delete(plan).then().statusCode(409);
    get(plan);
    admin(Map.of("filter", Map.of("plan", name), "change", Map.of("plan", "", "popEnabled", false)))
        .queryParam("after", account.substring(0, account.length() - 1))
        .queryParam("limit", 1)
        .post("/admin/v1/account-changes")
        .then()
        .statusCode(200)
        .body("changed", contains(account));
    admin().delete(plan).then().statusCode(204);
  }

  @Test
  void newAccountsGetTheDefaultPlan() {
    try {
      admin(Map.of("byDefault", true)).put(plan).then().statusCode(201);
      get(ACCOUNTS + "/" + Api.account("planned")).body("plan", equalTo(name));
    } finally {
      admin(Map.of("byDefault", false)).put(plan).then().statusCode(200);
    }
    get(ACCOUNTS + "/" + Api.account("unplanned")).body("$", not(hasKey("plan")));
  }

  @Test
  void anotherVersionIsNotOverwritten() {
    admin(STAFF).header("If-Match", "\"x\"").put(plan).then().statusCode(412);
    admin(STAFF).put(plan).then().statusCode(201);
    var tag = get(plan).extract().header("ETag");
    assertThat(tag).isNotEmpty();
    admin(Map.of()).header("If-Match", tag).put(plan).then().statusCode(200);
    admin(STAFF).header("If-Match", tag).put(plan).then().statusCode(412);
    admin().header("If-Match", tag).delete(plan).then().statusCode(412);
    admin()
        .header("If-Match", get(plan).extract().header("ETag"))
        .delete(plan)
        .then()
        .statusCode(204);
  }

  @Test
  void wrongValuesAreNamed() {
    admin(Map.of())
        .put(PLANS + "a%20b")
        .then()
        .statusCode(422)
        .body("errors.field", contains("name"));
    admin(Map.of("deletedItemRetentionDays", 24_856))
        .put(plan)
        .then()
        .statusCode(422)
        .body("errors.field", contains("deletedItemRetentionDays"));
    admin(Map.of("quota", Map.of("maxMessages", -1))).put(plan).then().statusCode(422);
    admin(Map.of("pop3", Map.of("messageRetrievalMimeFormat", "rtf")))
        .put(plan)
        .then()
        .statusCode(422);
    admin(Map.of("pop3", Map.of("suppressReadReceipt", true))).put(plan).then().statusCode(409);
    var account = Api.account("planned");
    patch(account, Map.of("plan", name)).statusCode(422);
    patch(account, Map.of("inherit", List.of("enabled"))).statusCode(422);
    patch(account, Map.of("inherit", List.of("popEnabled"), "popEnabled", true)).statusCode(422);
    patch(account, Map.of("deletedItemRetentionDays", -1)).statusCode(422);
    Api.with(Roles.SERVER_ADMIN)
        .contentType("application/json")
        .body(STAFF)
        .put(plan)
        .then()
        .statusCode(403);
  }
}
