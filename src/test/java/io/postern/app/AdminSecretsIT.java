package io.postern.app;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.model.MailProtocol;
import io.postern.observe.LogCapture;
import io.postern.wire.transport.Listener.Tls;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Administration is given secrets, and makes some: none of them is in any log, with all loggers as
 * talkative as they can be made, nor in an answer that is not about it.
 */
@QuarkusTest
class AdminSecretsIT {
  /** As application.properties has it for tests. */
  private static final String TOKEN = "token-of-the-tests-0123456789";

  private static final String NO_TOKEN = "token-of-nobody-at-all-0123456789";
  private static final String FORGED = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJub2JvZHkifQ.AAAAAAAA";
  private static final String PASSWORD = "the first horse";
  private static final String ANOTHER = "the second horse";
  private static final String SHORT = "pw5word";
  private static final String ACCOUNTS = "/admin/v1/accounts";

  @Inject Server server;
  @Inject Live live;

  // Made before each test.
  @SuppressWarnings("NullAway.Init")
  private LogCapture log;

  @BeforeEach
  void listen() {
    log = LogCapture.listening();
    settings("mail.imap.protocol-log-enabled=true");
  }

  @AfterEach
  void stop() {
    settings();
    log.close();
  }

  private void settings(String... settings) {
    live.swap(TestSettings.over(ConfigProvider.getConfig(), List.of(settings)));
  }

  @Test
  void noSecretOfAdministrationIsInAnyLog() throws IOException {
    var answers = new ArrayList<String>();
    var name = "secrets-" + UUID.randomUUID() + "@example.test";
    var path = ACCOUNTS + "/" + name;
    answers.add(answered(call(NO_TOKEN, "").get(ACCOUNTS), 401));
    answers.add(answered(call(FORGED, "").get(ACCOUNTS), 401));
    answers.add(answered(call(TOKEN, json(name, PASSWORD)).post(ACCOUNTS), 201));
    answers.add(answered(call(TOKEN, json(name, PASSWORD)).post(ACCOUNTS), 409));
    answers.add(answered(call(TOKEN, json(name, SHORT)).post(ACCOUNTS), 422));
    answers.add(answered(call(TOKEN, "{\"password\":\"" + PASSWORD).post(ACCOUNTS), 400));
    answers.add(answered(call(TOKEN, json("", ANOTHER)).put(path + "/password"), 204));
    var made = call(TOKEN, "{\"name\":\"phone\"}").post(path + "/app-passwords");
    var phone = made.then().statusCode(201).extract().<String>path("password");
    answers.add(answered(call(TOKEN, "").get(path + "/app-passwords"), 200));
    answers.add(answered(call(TOKEN, "").get("/admin/v1/settings"), 200));
    assertThat(login(name, phone)).startsWith("a OK");
    assertThat(login(name, ANOTHER)).startsWith("a OK");
    assertThat(login(name, PASSWORD)).startsWith("a NO");
    assertThat(log.lines())
        .anySatisfy(line -> assertThat(line).contains("\"event\":\"admin-refused\""))
        .anySatisfy(line -> assertThat(line).contains("\"event\":\"admin-call\""))
        .anySatisfy(line -> assertThat(line).contains(",LOGIN,\"*****\",R="));
    var seen = String.join("\n", log.lines()) + "\n" + String.join("\n", answers);
    for (var secret :
        List.of(TOKEN, NO_TOKEN, FORGED, PASSWORD, ANOTHER, SHORT, phone, "$argon2id$")) {
      assertThat(seen.lines().filter(line -> line.contains(secret))).as(secret).isEmpty();
    }
  }

  private static String json(String name, String password) {
    var about = name.isEmpty() ? "" : "\"name\":\"" + name + "\",";
    return "{" + about + "\"password\":\"" + password + "\"}";
  }

  private static RequestSpecification call(String token, String body) {
    var call = given().headers(Map.of("Authorization", "Bearer " + token));
    return body.isEmpty() ? call : call.contentType(ContentType.JSON).body(body);
  }

  private static String answered(Response answer, int status) {
    return answer.then().statusCode(status).extract().asString();
  }

  private String login(String name, String password) throws IOException {
    try (var client = new Peer(server.port(MailProtocol.IMAP, Tls.STARTTLS).orElseThrow())) {
      client.line();
      client.send("a LOGIN \"" + name + "\" \"" + password + "\"");
      return client.until("a ");
    }
  }
}
