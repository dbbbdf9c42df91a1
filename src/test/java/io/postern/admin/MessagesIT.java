package io.postern.admin;

import static io.postern.admin.Api.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;

import io.postern.admin.security.Roles;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mailboxes and messages over the API. */
@QuarkusTest
class MessagesIT {
  private static final String MESSAGE = "message/rfc822";

  private static String messages(String account) {
    return Api.ACCOUNTS + "/" + account + "/messages";
  }

  private static RequestSpecification sending(byte[] octets) {
    return admin().contentType(MESSAGE).body(octets);
  }

  private static long add(String account, byte[] octets) {
    return sending(octets)
        .post(messages(account))
        .then()
        .statusCode(201)
        .extract()
        .jsonPath()
        .getLong("uid");
  }

  private static byte[] octets(String account, long uid) {
    return admin()
        .get(messages(account) + "/" + uid)
        .then()
        .statusCode(200)
        .contentType(containsString(MESSAGE))
        .extract()
        .asByteArray();
  }

  private static byte[] small() {
    return "Subject: small\r\n\r\nbody\r\n".getBytes(StandardCharsets.US_ASCII);
  }

  /** Not a multiple of a chunk, with all octets but NUL. */
  private static byte[] random(int octets) {
    var all = new byte[octets];
    new Random(octets).nextBytes(all);
    for (int i = 0; i < all.length; i++) {
      all[i] = all[i] == 0 ? 1 : all[i];
    }
    System.arraycopy("Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 0, all, 0, 14);
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 65_537, 131_072, 131_073, 3_000_001})
  void aMessageIsReadAsItWasAdded(int size) {
    var account = Api.account("messages");
    var sent = random(size);
    assertThat(octets(account, add(account, sent))).isEqualTo(sent);
  }

  @Test
  void aMessageWithoutOctetsIsAddedToo() throws Exception {
    var account = Api.account("messages");
    assertThat(status(account, BodyPublishers.noBody())).isEqualTo(201);
    admin().get(messages(account)).then().body("items.size", contains(0));
    var read = admin().get(messages(account) + "/1").then().extract();
    assertThat(read.statusCode()).isIn(200, 204);
    assertThat(read.asByteArray()).isEmpty();
  }

  @Test
  void aMessageOfUnknownLengthIsAddedToo() {
    var account = Api.account("messages");
    var sent = random(200_000);
    var uid =
        admin()
            .contentType(MESSAGE)
            .body(new ByteArrayInputStream(sent))
            .post(messages(account))
            .then()
            .statusCode(201)
            .extract()
            .jsonPath()
            .getLong("uid");
    assertThat(octets(account, uid)).isEqualTo(sent);
  }

  @Test
  void flagsAndDateAreThoseThatWereGiven() {
    var account = Api.account("messages");
    sending(small())
        .queryParam("flag", "\\Seen", "\\flagged", "$Junk")
        .queryParam("internalDate", "2001-02-03T04:05:06+07:00")
        .post(messages(account))
        .then()
        .statusCode(201);
    admin()
        .get(messages(account))
        .then()
        .statusCode(200)
        .body("items", hasSize(1))
        .body("items[0].size", equalTo(small().length))
        .body("items[0].internalDate", equalTo("2001-02-03T04:05:06+07:00"))
        .body("items[0].flags", containsInAnyOrder("\\Seen", "\\Flagged", "$Junk"));
  }

  @Test
  void messagesAreListedInPages() {
    var account = Api.account("messages");
    for (int i = 0; i < 5; i++) {
      add(account, small());
    }
    admin()
        .queryParam("limit", 2)
        .get(messages(account))
        .then()
        .body("items.uid", contains(1, 2))
        .body("next", equalTo("2"));
    admin()
        .queryParam("limit", 3)
        .queryParam("after", 2)
        .get(messages(account))
        .then()
        .body("items.uid", contains(3, 4, 5))
        .body("next", equalTo(null));
  }

  @Test
  void mailboxesAreCreatedOnceAndListedWithTheirCounters() {
    var account = Api.account("messages");
    var mailboxes = Api.ACCOUNTS + "/" + account + "/mailboxes";
    admin(Map.of("name", "Old/2001")).post(mailboxes).then().statusCode(201);
    admin(Map.of("name", "Old/2001")).post(mailboxes).then().statusCode(409);
    admin(Map.of("name", "a//b"))
        .post(mailboxes)
        .then()
        .statusCode(422)
        .body("errors[0].field", equalTo("name"));
    sending(small())
        .queryParam("mailbox", "Old/2001")
        .post(messages(account))
        .then()
        .statusCode(201);
    admin()
        .get(mailboxes)
        .then()
        .statusCode(200)
        .body("items.name", hasItems("INBOX", "Sent", "Old", "Old/2001"))
        .body("items.find { it.name == 'Old/2001' }.messages", equalTo(1))
        .body("items.find { it.name == 'Old/2001' }.octets", equalTo(small().length))
        .body("items.find { it.name == 'Sent' }.specialUse", equalTo("\\Sent"));
  }

  @Test
  void whatIsTooLargeIsRefused() throws Exception {
    var account = Api.account("messages");
    var octets = new byte[36 << 20];
    assertThat(status(account, BodyPublishers.ofByteArray(octets))).isEqualTo(413);
    var unknownLength = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(octets));
    assertThat(status(account, unknownLength)).isEqualTo(413);
    admin().get(messages(account)).then().body("items", hasSize(0));
  }

  /** Not by RestAssured, which prints bodies. */
  private static int status(String account, BodyPublisher body) throws Exception {
    var url = RestAssured.baseURI + ":" + RestAssured.port + messages(account);
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Bearer " + Api.TOKEN)
            .header("Content-Type", MESSAGE)
            .POST(body)
            .build();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString()).statusCode();
    }
  }

  @Test
  void whatIsNotThereIsNotFound() {
    var account = Api.account("messages");
    refused(sending(small()).queryParam("mailbox", "None").post(messages(account)), 404);
    refused(sending(small()).post(messages(Api.name("missing"))), 404);
    refused(admin().queryParam("mailbox", "None").get(messages(account)), 404);
    refused(admin().get(messages(account) + "/1"), 404);
  }

  @ParameterizedTest
  @CsvSource({
    "flag, \\Recent",
    "flag, two words",
    "internalDate, yesterday",
    "internalDate, 2001-02-03T04:05:06",
    "mailbox, a*b"
  })
  void wrongParametersAreNamed(String field, String value) {
    var account = Api.account("messages");
    refused(sending(small()).queryParam(field, value).post(messages(account)), 400)
        .then()
        .body("errors[0].field", equalTo(field));
  }

  @Test
  void onlyAnAdministratorReadsMail() {
    var account = Api.account("messages");
    add(account, small());
    for (var role : Arrays.asList(Roles.VIEWER, Roles.SERVER_ADMIN)) {
      refused(Api.with(role).get(messages(account)), 403);
      refused(Api.with(role).get(messages(account) + "/1"), 403);
      refused(Api.with(role).contentType(MESSAGE).body(small()).post(messages(account)), 403);
      Api.with(role)
          .get(Api.ACCOUNTS + "/" + account + "/mailboxes")
          .then()
          .statusCode(200)
          .body("items.name", hasItem("INBOX"));
    }
  }

  private static Response refused(Response response, int status) {
    response
        .then()
        .statusCode(status)
        .contentType("application/problem+json")
        .body("status", equalTo(status));
    return response;
  }
}
