package io.postern.admin;

import static io.postern.admin.Api.ACCOUNTS;
import static io.postern.admin.Api.admin;
import static io.restassured.http.ContentType.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Accounts, what they may, their app passwords and grants. */
@QuarkusTest
class AccountsIT {
  @Test
  void anAccountIsCreatedOnceAndFoundInAnyCase() {
    var name = Api.name("Made");
    var folded = name.toLowerCase(Locale.ROOT);
    Api.create(name, Api.PASSWORD)
        .then()
        .statusCode(201)
        .header("Location", endsWith(ACCOUNTS + "/" + folded))
        .header("ETag", equalTo("\"10xx-x-\""))
        .body("name", equalTo(folded))
        .body("enabled", equalTo(true))
        .body("administrator", equalTo(false))
        .body("imapEnabled", equalTo(true))
        .body("popEnabled", equalTo(true))
        .body("$", not(hasKey("password")));
    admin().get(ACCOUNTS + "/" + name).then().statusCode(200).body("name", equalTo(folded));
    Api.create(folded, Api.PASSWORD).then().statusCode(409).body("detail", containsString(folded));
  }

  @Test
  void namesAndPasswordsHaveBounds() {
    var id = UUID.randomUUID().toString();
    var local = "l".repeat(64 - id.length()) + id;
    accepts(local + "@example.test", "12345678");
    refuses("l" + local + "@example.test", "12345678", "name");
    accepts(id + "@" + "d".repeat(254 - id.length() - 1), "p".repeat(256));
    refuses(id + "@" + "d".repeat(255 - id.length() - 1), "p".repeat(256), "name");
    refuses(Api.name("short"), "1234567", "password");
    refuses(Api.name("long"), "p".repeat(257), "password");
    refuses(Api.name("nul"), "password\0", "password");
    for (var name : List.of("", "@example.test", "a@", "a b@c", "a/b@c", "a\\b@c", "a@b@c")) {
      refuses(name, Api.PASSWORD, "name");
    }
  }

  private static void accepts(String name, String password) {
    Api.create(name, password).then().statusCode(201);
  }

  private static void refuses(String name, String password, String field) {
    Api.create(name, password).then().statusCode(422).body("errors.field", contains(field));
  }

  @Test
  void accountsAreListedInPages() {
    var group = "page-" + UUID.randomUUID();
    for (int i = 0; i < 3; i++) {
      accepts(group + "-" + i + "@example.test", Api.PASSWORD);
    }
    var first = page(group, "2");
    first.body("items.name", contains(group + "-0@example.test", group + "-1@example.test"));
    var next = first.extract().<String>path("next");
    var rest = page(next, "1");
    rest.body("items.name", contains(group + "-2@example.test"));
    page("~", "2").body("items", hasSize(0)).body("$", not(hasKey("next")));
  }

  private static ValidatableResponse page(String after, String limit) {
    return admin()
        .queryParam("after", after)
        .queryParam("limit", limit)
        .get(ACCOUNTS)
        .then()
        .statusCode(200);
  }

  @Test
  void absentFieldsStayUnchanged() {
    var path = ACCOUNTS + "/" + Api.account("stays");
    change(path, Map.of("popEnabled", false)).body("popEnabled", equalTo(false));
    change(path, Map.of("administrator", true))
        .body("popEnabled", equalTo(false))
        .body("administrator", equalTo(true))
        .body("enabled", equalTo(true));
    change(path, Map.of()).body("imapEnabled", equalTo(true));
    admin(Map.of("imapEnabled", "false"))
        .patch(path)
        .then()
        .statusCode(400)
        .body("errors[0].field", equalTo("imapEnabled"))
        .body("errors[0].allowed", equalTo("true or false"));
    admin(Map.of("enabled", false)).patch(ACCOUNTS + "/" + Api.name("no")).then().statusCode(404);
  }

  private static ValidatableResponse change(String path, Map<String, ?> change) {
    return admin(change).patch(path).then().statusCode(200);
  }

  @Test
  void ifMatchGuardsAChangeOfAnAccount() {
    var path = ACCOUNTS + "/" + Api.account("tag");
    var seen = admin().get(path).header("ETag");
    matching(seen, path, false).statusCode(200).header("ETag", not(equalTo(seen)));
    matching(seen, path, true)
        .statusCode(412)
        .contentType("application/problem+json")
        .body("detail", containsString("ETag"));
    admin().get(path).then().body("enabled", equalTo(false));
    matching("\"none\", \"00xx-x-\"", path, true).statusCode(200);
    matching("*", path, false).statusCode(200);
  }

  private static ValidatableResponse matching(String tag, String path, boolean enabled) {
    return admin(Map.of("enabled", enabled)).header("If-Match", tag).patch(path).then();
  }

  @Test
  void aPasswordIsSetWithinItsBounds() {
    var path = ACCOUNTS + "/" + Api.account("password") + "/password";
    admin(Map.of("password", "another horse")).put(path).then().statusCode(204);
    admin(Map.of("password", "1234567")).put(path).then().statusCode(422);
    admin(Map.of()).put(path).then().statusCode(422);
    admin(Map.of("password", "another horse"))
        .put(ACCOUNTS + "/" + Api.name("no") + "/password")
        .then()
        .statusCode(404);
  }

  @Test
  void anAppPasswordIsShownOnceAndRevoked() {
    var path = ACCOUNTS + "/" + Api.account("app") + "/app-passwords";
    var secret =
        admin(Map.of("name", "phone"))
            .post(path)
            .then()
            .statusCode(201)
            .header("Cache-Control", equalTo("no-store"))
            .extract()
            .<String>path("password");
    assertThat(secret).hasSizeGreaterThan(20);
    admin(Map.of("name", "phone")).post(path).then().statusCode(409);
    var list = admin().get(path).then().statusCode(200).body("items.name", contains("phone"));
    assertThat(list.extract().asString()).doesNotContain(secret);
    admin().delete(path + "/phone").then().statusCode(204);
    admin().delete(path + "/phone").then().statusCode(404);
    admin().get(path).then().body("items", hasSize(0));
  }

  @Test
  void anAppPasswordsNameHasBounds() {
    var path = ACCOUNTS + "/" + Api.account("app") + "/app-passwords";
    admin(Map.of("name", "n".repeat(100))).post(path).then().statusCode(201);
    for (var name : List.of("", "n".repeat(101), "a/b", "a\nb", ".", "..")) {
      admin(Map.of("name", name))
          .post(path)
          .then()
          .statusCode(422)
          .body("errors[0].field", equalTo("name"));
    }
    admin().contentType(JSON).post(path).then().statusCode(422);
  }

  @Test
  void fullAccessIsGrantedAndRevoked() {
    var owner = Api.account("owner");
    var delegate = Api.account("delegate");
    var grants = ACCOUNTS + "/" + owner + "/grants";
    admin().put(grants + "/" + delegate).then().statusCode(204);
    admin().put(grants + "/" + delegate).then().statusCode(204);
    admin().get(grants).then().statusCode(200).body("items.delegate", contains(delegate));
    admin().put(grants + "/" + owner).then().statusCode(409);
    admin().put(grants + "/" + Api.name("no")).then().statusCode(404);
    admin().delete(grants + "/" + delegate).then().statusCode(204);
    admin().delete(grants + "/" + delegate).then().statusCode(404);
    admin().get(grants).then().body("items", hasSize(0));
  }
}
