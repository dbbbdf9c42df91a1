package io.postern.app;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.postern.model.MailProtocol;
import io.postern.wire.transport.Listener.Tls;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What administration does is felt by mail clients at once. */
@QuarkusTest
class AdministrationIT {
  /** As application.properties has it for tests. */
  private static final String TOKEN = "token-of-the-tests-0123456789";

  private static final String SESSIONS = "/admin/v1/sessions";
  private static final String POP3 = "/admin/v1/components/pop3/state";
  private static final String PASSWORD = "correct horse";
  private static final String BYE = "* BYE ";

  @Inject Server server;

  @Test
  void theSessionsOfADisabledAccountAreRevokedAndItCannotLogIn() throws IOException {
    var name = account("disabled");
    try (var client = loggedIn(name)) {
      change(name, Map.of("enabled", false));
      assertThat(client.until(BYE)).startsWith(BYE);
    }
    assertThat(login(name, PASSWORD)).startsWith("a1 NO ");
    change(name, Map.of("enabled", true));
    assertThat(login(name, PASSWORD)).startsWith("a1 OK ");
  }

  @Test
  void aChangeEndsOnlyWhatIsNoLongerAllowed() throws IOException {
    var name = account("imap-off");
    var other = account("other");
    try (var client = loggedIn(name);
        var unconcerned = loggedIn(other)) {
      change(name, Map.of("popEnabled", false));
      client.send("a2 NOOP");
      assertThat(client.until("a2 ")).startsWith("a2 OK ");
      change(name, Map.of("imapEnabled", false));
      assertThat(client.until(BYE)).startsWith(BYE);
      unconcerned.send("a2 NOOP");
      assertThat(unconcerned.until("a2 ")).startsWith("a2 OK ");
    }
  }

  @Test
  void aPlanThatPermitsLessEndsTheSessionsOfItsAccounts() throws IOException {
    var plan = "/admin/v1/mailbox-plans/plan-" + UUID.randomUUID();
    call(Map.of()).put(plan).then().statusCode(201);
    var name = account("of-plan");
    var own = account("of-plan-with-its-own");
    for (var one : List.of(name, own)) {
      call(Map.of("plan", plan.substring(plan.lastIndexOf('/') + 1)))
          .patch(path(one))
          .then()
          .statusCode(200);
    }
    change(own, Map.of("imapEnabled", true));
    try (var client = loggedIn(name);
        var unconcerned = loggedIn(own)) {
      call(Map.of("imapEnabled", false)).put(plan).then().statusCode(200);
      assertThat(client.until(BYE)).startsWith(BYE);
      unconcerned.send("a2 NOOP");
      assertThat(unconcerned.until("a2 ")).startsWith("a2 OK ");
    }
    assertThat(login(name, PASSWORD)).startsWith("a1 NO ");
    call(Map.of()).put(plan).then().statusCode(200);
    assertThat(login(name, PASSWORD)).startsWith("a1 OK ");
  }

  @Test
  void aNewPasswordEndsSessionsOfTheOldOne() throws IOException {
    var name = account("password");
    try (var client = loggedIn(name)) {
      call(Map.of("password", "another horse"))
          .put(path(name) + "/password")
          .then()
          .statusCode(204);
      assertThat(client.until(BYE)).startsWith(BYE);
    }
    assertThat(login(name, PASSWORD)).startsWith("a1 NO ");
    assertThat(login(name, "another horse")).startsWith("a1 OK ");
  }

  @Test
  void aSessionIsListedAndEnded() throws IOException {
    var name = account("listed");
    try (var client = loggedIn(name)) {
      var id =
          list(Map.of("user", name, "protocol", "imap", "address", "127.0.0.0/8"))
              .body("items", hasSize(1))
              .body("items[0].user", equalTo(name))
              .body("items[0].secure", equalTo(false))
              .extract()
              .<String>path("items[0].id");
      list(Map.of("user", name, "protocol", "pop3")).body("items", hasSize(0));
      list(Map.of("user", name, "address", "192.0.2.1")).body("items", hasSize(0));
      list(Map.of("user", name, "after", id)).body("items", hasSize(0));
      call().queryParam("protocol", "smtp").get(SESSIONS).then().statusCode(400);
      call().queryParam("address", "here").get(SESSIONS).then().statusCode(400);
      call().delete(SESSIONS + "/" + id).then().statusCode(204);
      assertThat(client.until(BYE)).startsWith(BYE);
    }
  }

  @Test
  void allSessionsOfAnAccountAreEndedAndListedInPages() throws IOException {
    var name = account("several");
    try (var one = loggedIn(name);
        var two = loggedIn(name)) {
      var next =
          list(Map.of("user", name, "limit", "1"))
              .body("items", hasSize(1))
              .extract()
              .<String>path("next");
      list(Map.of("user", name, "limit", "1", "after", next)).body("items", hasSize(1));
      call().delete(path(name) + "/sessions").then().statusCode(204);
      assertThat(one.until(BYE)).startsWith(BYE);
      assertThat(two.until(BYE)).startsWith(BYE);
    }
  }

  private static ValidatableResponse list(Map<String, String> filters) {
    return call().queryParams(filters).get(SESSIONS).then().statusCode(200);
  }

  @Test
  void expungedMailIsListedAndRestored() throws IOException {
    var name = account("expunged");
    try (var lmtp = new Peer(server.port(MailProtocol.LMTP, Tls.STARTTLS).orElseThrow())) {
      lmtp.line();
      lmtp.say("LHLO client.example.test");
      lmtp.hand(name, "Subject: one\r\n\r\nbody\r\n");
    }
    var items = path(name) + "/recoverable-items";
    try (var client = loggedIn(name)) {
      does(client, "a2", "SELECT INBOX");
      does(client, "a3", "STORE 1 +FLAGS (\\Deleted \\Flagged)");
      does(client, "a4", "EXPUNGE");
      var id =
          call()
              .get(items)
              .then()
              .statusCode(200)
              .body("items", hasSize(1))
              .body("items[0].uid", equalTo(1))
              .extract()
              .<Integer>path("items[0].id");
      call(Map.of("ids", new int[] {id}, "mailbox", "None"))
          .post(items + "/restore")
          .then()
          .statusCode(404);
      call(Map.of("ids", new int[0])).post(items + "/restore").then().statusCode(422);
      call(Map.of("ids", new int[1001])).post(items + "/restore").then().statusCode(422);
      call(Map.of("ids", new int[] {id}))
          .post(items + "/restore")
          .then()
          .statusCode(200)
          .body("restored", equalTo(1))
          .body("mailbox", equalTo("INBOX"));
      does(client, "a5", "NOOP");
      client.send("a6 FETCH 1 (UID FLAGS)");
      assertThat(client.until("* 1 FETCH")).contains("UID 2", "\\Flagged");
      call().get(items).then().body("items", hasSize(0));
    }
  }

  @Test
  void anAppPasswordOpensItsAccountUntilItIsRevoked() throws IOException {
    var name = account("app");
    var path = path(name) + "/app-passwords";
    var secret = call(Map.of("name", "phone")).post(path).then().extract().<String>path("password");
    assertThat(login(name, secret)).startsWith("a1 OK ");
    call().get(path).then().body("items.name", contains("phone"));
    call().delete(path + "/phone").then().statusCode(204);
    assertThat(login(name, secret)).startsWith("a1 NO ");
  }

  @Test
  void aServiceIsDrainedAndActivated() throws IOException {
    try (var client = new Peer(server.port(MailProtocol.POP3, Tls.STARTTLS).orElseThrow())) {
      client.line();
      state("inactive");
      assertThat(client.line()).startsWith("-ERR ");
    }
    until("inactive");
    assertThat(server.port(MailProtocol.POP3, Tls.STARTTLS)).isEmpty();
    state("active");
    until("active");
    try (var client = new Peer(server.port(MailProtocol.POP3, Tls.STARTTLS).orElseThrow())) {
      assertThat(client.line()).startsWith("+OK ");
    }
  }

  private static void state(String wanted) {
    call(Map.of("state", wanted)).post(POP3).then().statusCode(200).body("name", equalTo("pop3"));
  }

  /** The state is returned at once; the endpoints show when it is reached. */
  private static void until(String state) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    boolean reached = false;
    while (!reached && System.nanoTime() < end) {
      var now = call().get(POP3).then().statusCode(200).extract().jsonPath();
      boolean bound = !now.getList("endpoints").isEmpty();
      reached = now.getString("state").equals(state) && bound == state.equals("active");
    }
    assertThat(reached).isTrue();
  }

  private static void does(Peer client, String tag, String command) throws IOException {
    client.send(tag + " " + command);
    assertThat(client.until(tag + " ")).startsWith(tag + " OK ");
  }

  private static String account(String purpose) {
    var name = purpose + "-" + UUID.randomUUID() + "@example.test";
    call(Map.of("name", name, "password", PASSWORD))
        .post("/admin/v1/accounts")
        .then()
        .statusCode(201);
    return name;
  }

  private static String path(String name) {
    return "/admin/v1/accounts/" + name;
  }

  private static void change(String name, Map<String, Boolean> change) {
    call(change).patch(path(name)).then().statusCode(200);
  }

  private static RequestSpecification call() {
    return given().header("Authorization", "Bearer " + TOKEN);
  }

  private static RequestSpecification call(Object body) {
    return call().contentType(ContentType.JSON).body(body);
  }

  private Peer loggedIn(String name) throws IOException {
    var client = new Peer(server.port(MailProtocol.IMAP, Tls.STARTTLS).orElseThrow());
    client.line();
    client.send("a1 LOGIN " + name + " \"" + PASSWORD + "\"");
    assertThat(client.until("a1 ")).startsWith("a1 OK ");
    return client;
  }

  private String login(String name, String password) throws IOException {
    try (var client = new Peer(server.port(MailProtocol.IMAP, Tls.STARTTLS).orElseThrow())) {
      client.line();
      client.send("a1 LOGIN " + name + " \"" + password + "\"");
      return client.until("a1 ");
    }
  }
}
