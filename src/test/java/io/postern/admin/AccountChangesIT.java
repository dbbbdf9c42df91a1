package io.postern.admin;

import static io.postern.admin.Api.admin;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import io.postern.admin.security.Roles;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** One change of many accounts. */
@QuarkusTest
class AccountChangesIT {
  private static final String CHANGES = "/admin/v1/account-changes";

  private final String domain = UUID.randomUUID() + ".test";

  private String account(String local) {
    var name = local + "@" + domain;
    Api.create(name, Api.PASSWORD).then().statusCode(201);
    return name;
  }

  private Map<String, Object> popOff(Map<String, Object> filter) {
    return Map.of("filter", filter, "change", Map.of("popEnabled", false));
  }

  private static void popIs(String account, boolean enabled) {
    admin()
        .get(Api.ACCOUNTS + "/" + account)
        .then()
        .statusCode(200)
        .body("popEnabled", equalTo(enabled));
  }

  @Test
  void onlyTheAccountsOfTheFilterAreChanged() {
    var first = account("a-one");
    var second = account("a-two");
    var other = account("b-three");
    Map<String, Object> filter = Map.of("domain", domain.toUpperCase(Locale.ROOT), "prefix", "a-");
    admin(popOff(filter))
        .queryParam("limit", 500)
        .queryParam("after", "a-")
        .post(CHANGES)
        .then()
        .statusCode(200)
        .body("changed", equalTo(List.of(first, second)));
    popIs(first, false);
    popIs(second, false);
    popIs(other, true);
    // Once more, nothing is different.
    admin(popOff(filter))
        .queryParam("limit", 500)
        .queryParam("after", "a-")
        .post(CHANGES)
        .then()
        .statusCode(200)
        .body("changed", empty());
  }

  @Test
  void aPageIsContinuedByTheNext() {
    var first = account("zzz-a");
    var second = account("zzz-b");
    Map<String, Object> filter = Map.of("domain", domain);
    var page =
        admin(popOff(filter))
            .queryParam("limit", 1)
            .queryParam("after", "zzz-")
            .post(CHANGES)
            .then()
            .statusCode(200)
            .body("examined", equalTo(1))
            .body("changed", contains(first))
            .body("next", equalTo(first));
    admin(popOff(filter))
        .queryParam("limit", 1)
        .queryParam("after", page.extract().<String>path("next"))
        .post(CHANGES)
        .then()
        .statusCode(200)
        .body("changed", contains(second))
        .body("$", not(hasKey("next")));
  }

  @Test
  void anEmptyChangeIsRefused() {
    admin(Map.of("filter", Map.of("domain", ""))).post(CHANGES).then().statusCode(422);
    admin(Map.of("change", Map.of())).post(CHANGES).then().statusCode(422);
    Api.with(Roles.SERVER_ADMIN)
        .contentType("application/json")
        .body(popOff(Map.of()))
        .post(CHANGES)
        .then()
        .statusCode(403);
  }
}
