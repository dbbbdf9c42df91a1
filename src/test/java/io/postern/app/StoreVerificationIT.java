package io.postern.app;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;

/** The admin API checks the store, a few mailboxes at a time. */
@QuarkusTest
class StoreVerificationIT {
  private static final String CALL = "/admin/v1/store-verification";

  private static RequestSpecification admin() {
    return given().header("Authorization", "Bearer token-of-the-tests-0123456789");
  }

  @Test
  void eachCallGoesOnBehindTheOneBefore() {
    var first =
        admin()
            .get(CALL + "?limit=1")
            .then()
            .statusCode(200)
            .body("mailboxes", equalTo(1), "findings", empty())
            .extract()
            .jsonPath();
    var next = first.getString("next");
    assertThat(next).matches("[0-9]+-[0-9]+");
    admin()
        .get(CALL + "?limit=1&after=" + next)
        .then()
        .statusCode(200)
        .body("mailboxes", equalTo(1));
  }

  @Test
  void nothingIsBehindTheLastMailbox() {
    admin()
        .get(CALL + "?after=999999999999999999-1")
        .then()
        .statusCode(200)
        .body("mailboxes", equalTo(0), "next", nullValue());
  }

  @Test
  void aMarkOfAnotherFormIsRefused() {
    admin().get(CALL + "?after=x").then().statusCode(400);
    given().get(CALL).then().statusCode(401);
  }
}
