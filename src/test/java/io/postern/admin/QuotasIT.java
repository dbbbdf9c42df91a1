package io.postern.admin;

import static io.postern.admin.Api.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.postern.admin.security.Roles;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Quotas of accounts. */
@QuarkusTest
class QuotasIT {
  private static String quota(String account) {
    return Api.ACCOUNTS + "/" + account + "/quota";
  }

  @Test
  void levelsAreSetShownAndTakenBack() {
    var account = Api.account("quota");
    admin()
        .get(quota(account))
        .then()
        .statusCode(200)
        .body("octets", equalTo(0))
        .body("state", equalTo("below"))
        .body("own", anEmptyMap());
    admin(Map.of("issueWarningQuota", 100, "prohibitSendReceiveQuota", 200, "maxMessages", 3))
        .put(quota(account))
        .then()
        .statusCode(200)
        .body("own.issueWarningQuota", equalTo(100))
        .body("inForce.prohibitSendReceiveQuota", equalTo(200))
        .body("inForce.maxMessages", equalTo(3));
    admin(Map.of("maxMessages", 0))
        .put(quota(account))
        .then()
        .statusCode(200)
        .body("own", equalTo(Map.of("maxMessages", 0)))
        .body("state", equalTo("prohibit-receive"));
  }

  @Test
  void anotherVersionIsNotOverwritten() {
    var account = Api.account("quota");
    var tag = admin().get(quota(account)).then().statusCode(200).extract().header("ETag");
    assertThat(tag).isNotEmpty();
    var levels = Map.of("maxMessages", 5);
    admin(levels).header("If-Match", tag).put(quota(account)).then().statusCode(200);
    admin(levels).header("If-Match", tag).put(quota(account)).then().statusCode(412);
  }

  @Test
  void wrongLevelsAndAccountsAreRefused() {
    var account = Api.account("quota");
    admin(Map.of("issueWarningQuota", -1, "maxMessages", 1L << 51))
        .put(quota(account))
        .then()
        .statusCode(422)
        .body("errors", hasSize(2));
    admin().get(quota(Api.name("nobody"))).then().statusCode(404);
    Api.with(Roles.VIEWER)
        .contentType("application/json")
        .body(Map.of("maxMessages", 1))
        .put(quota(account))
        .then()
        .statusCode(403);
  }
}
