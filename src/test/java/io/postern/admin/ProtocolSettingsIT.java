package io.postern.admin;

import static io.postern.admin.Api.ACCOUNTS;
import static io.postern.admin.Api.admin;
import static io.restassured.http.ContentType.JSON;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How an account's messages are shown. */
@QuarkusTest
class ProtocolSettingsIT {
  private static String created() {
    var name = Api.name("shown");
    Api.create(name, Api.PASSWORD).then().statusCode(201);
    return ACCOUNTS + "/" + name + "/protocol-settings/";
  }

  private static ValidatableResponse patch(String url, Map<String, ?> change) {
    return admin().contentType(JSON).body(change).patch(url).then();
  }

  @Test
  void theSettingsOfTheServerDecideAtFirst() {
    admin()
        .get(created() + "imap")
        .then()
        .statusCode(200)
        .body("useProtocolDefaults", equalTo(true))
        .body("messageRetrievalMimeFormat", equalTo("best-body-format"))
        .body("calendarItemRetrievalOption", equalTo("icalendar"))
        .body("suppressReadReceipt", equalTo(false))
        .body("forceICalForCalendarRetrievalOption", equalTo(false));
  }

  @Test
  void anotherVersionIsNotOverwritten() {
    var imap = created() + "imap";
    var tag = admin().get(imap).then().statusCode(200).extract().header("ETag");
    var change = Map.of("useProtocolDefaults", false);
    admin()
        .contentType(JSON)
        .body(change)
        .header("If-Match", tag)
        .patch(imap)
        .then()
        .statusCode(200);
    admin()
        .contentType(JSON)
        .body(change)
        .header("If-Match", tag)
        .patch(imap)
        .then()
        .statusCode(412);
  }

  @Test
  void eachProtocolHasItsOwn() {
    var account = created();
    patch(
            account + "imap",
            Map.of(
                "useProtocolDefaults",
                false,
                "messageRetrievalMimeFormat",
                "text-only",
                "suppressReadReceipt",
                true))
        .statusCode(200)
        .body("useProtocolDefaults", equalTo(false))
        .body("messageRetrievalMimeFormat", equalTo("text-only"))
        .body("suppressReadReceipt", equalTo(true));
    patch(account + "imap", Map.of("calendarItemRetrievalOption", "custom"))
        .statusCode(200)
        .body("messageRetrievalMimeFormat", equalTo("text-only"))
        .body("calendarItemRetrievalOption", equalTo("custom"));
    admin().get(account + "pop3").then().body("useProtocolDefaults", equalTo(true));
  }

  @Test
  void whatHasNoEffectIsRefused() {
    var account = created();
    patch(account + "pop3", Map.of("suppressReadReceipt", true)).statusCode(409);
    admin().get(account + "pop3").then().body("suppressReadReceipt", equalTo(false));
  }

  @Test
  void wrongValuesAreNamed() {
    var account = created();
    patch(
            account + "imap",
            Map.of("messageRetrievalMimeFormat", "rtf", "calendarItemRetrievalOption", "TNEF"))
        .statusCode(422)
        .body(
            "errors.field", contains("messageRetrievalMimeFormat", "calendarItemRetrievalOption"));
    admin().get(account + "lmtp").then().statusCode(404);
    admin()
        .get(ACCOUNTS + "/" + Api.name("nobody") + "/protocol-settings/imap")
        .then()
        .statusCode(404);
  }
}
