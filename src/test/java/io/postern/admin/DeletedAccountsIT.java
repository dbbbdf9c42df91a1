package io.postern.admin;

import static io.postern.admin.Api.ACCOUNTS;
import static io.postern.admin.Api.admin;
import static io.postern.admin.Api.with;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Accounts are deleted, kept, and restored. */
@QuarkusTest
class DeletedAccountsIT {
  private static final String DELETED = "/admin/v1/deleted-accounts";

  @Test
  void aDeletedAccountIsKeptAndRestoredWithItsRights() {
    var name = Api.account("deleted");
    var path = ACCOUNTS + "/" + name;
    admin(Map.of("popEnabled", false)).patch(path).then().statusCode(200);
    admin().delete(path).then().statusCode(204);
    admin().get(path).then().statusCode(404);
    admin().delete(path).then().statusCode(404);
    admin(Map.of("enabled", true)).patch(path).then().statusCode(404);
    admin()
        .get(DELETED + "/" + name)
        .then()
        .statusCode(200)
        .body("name", equalTo(name))
        .body("purging", equalTo(false));
    admin()
        .queryParam("after", name.substring(0, name.length() - 1))
        .queryParam("limit", "1")
        .get(DELETED)
        .then()
        .statusCode(200)
        .body("items.name", contains(name));
    Api.create(name, Api.PASSWORD)
        .then()
        .statusCode(409)
        .contentType("application/problem+json")
        .body("detail", containsString("deleted-accounts"));

    admin()
        .post(DELETED + "/" + name + "/restore")
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"10x0-x-\""))
        .body("enabled", equalTo(true))
        .body("popEnabled", equalTo(false));
    admin().get(path).then().statusCode(200);
    admin().get(DELETED + "/" + name).then().statusCode(404);
    admin().post(DELETED + "/" + name + "/restore").then().statusCode(404);
  }

  @Test
  void aDisabledAccountIsRestoredDisabled() {
    var name = Api.account("disabled");
    admin(Map.of("enabled", false)).patch(ACCOUNTS + "/" + name).then().statusCode(200);
    admin().delete(ACCOUNTS + "/" + name).then().statusCode(204);
    admin()
        .post(DELETED + "/" + name + "/restore")
        .then()
        .statusCode(200)
        .body("enabled", equalTo(false));
  }

  @Test
  void ifMatchGuardsADeletion() {
    var path = ACCOUNTS + "/" + Api.account("tag");
    var seen = admin().get(path).header("ETag");
    admin(Map.of("imapEnabled", false)).patch(path).then().statusCode(200);
    admin()
        .header("If-Match", seen)
        .delete(path)
        .then()
        .statusCode(412)
        .contentType("application/problem+json")
        .body("detail", containsString("ETag"));
    admin().get(path).then().statusCode(200);
    admin().header("If-Match", "\"100x-x-\"").delete(path).then().statusCode(204);
  }

  @Test
  void onlyAnAdministratorDeletesAndRestores() {
    var path = ACCOUNTS + "/" + Api.account("roles");
    for (var role : new String[] {"mail-viewer", "mail-server-admin", "other"}) {
      with(role).delete(path).then().statusCode(403);
      with(role).post(DELETED + "/x@example.test/restore").then().statusCode(403);
    }
    with("mail-viewer").get(DELETED).then().statusCode(200);
    with("mail-admin").delete(path).then().statusCode(204);
  }
}
