package io.postern.admin.settingspage;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.admin.settingspage.format.Published;
import io.postern.config.Live;
import io.postern.config.LiveSettings;
import io.postern.config.TestSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The port of the page, spoken to octet by octet. */
@Timeout(60)
class SettingsHttpTest {
  private final Vertx vertx = Vertx.vertx();
  private final Live live = new Live(settings("10000"));
  private final SettingsHandler handler =
      new SettingsHandler(
          vertx,
          new SettingsRoutes(live, InstantSource.system(), Optional::empty),
          new RequestLimit(live, InstantSource.system()));
  private HttpServer server = server(new ConnectionLimit(vertx));

  private HttpServer server(ConnectionLimit limit) {
    return vertx
        .createHttpServer(SettingsHandler.options())
        .connectionHandler(limit)
        .invalidRequestHandler(handler::refuse)
        .requestHandler(handler);
  }

  private static LiveSettings settings(String limit) {
    return TestSettings.of(
        Published.all(
            "mail.settings-page.domains=example.com",
            "mail.settings-page.requests-per-minute=" + limit));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
  }

  @BeforeEach
  void open() throws Exception {
    await(server.listen(0, "127.0.0.1"));
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
  }

  private static void send(Socket socket, String octets) throws IOException {
    socket.getOutputStream().write(octets.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** Everything up to the end of the connection. */
  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private String ask(String octets) throws IOException {
    try (var socket = connect()) {
      send(socket, octets);
      return rest(socket);
    }
  }

  /** One request of a connection. */
  private static String head(String method, String uri, String... headers) {
    return method
        + " "
        + uri
        + " HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n"
        + String.join("\r\n", headers)
        + (headers.length > 0 ? "\r\n\r\n" : "\r\n");
  }

  private String get(String uri) throws IOException {
    return ask(head("GET", uri));
  }

  @Test
  void aPageHasThePoliciesOfItsContents() throws Exception {
    assertThat(get("/settings?address=alice%40example.com"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .containsIgnoringCase("\r\nContent-Security-Policy: default-src 'none';")
        .containsIgnoringCase("\r\nX-Content-Type-Options: nosniff\r\n")
        .containsIgnoringCase("\r\nReferrer-Policy: no-referrer\r\n")
        .containsIgnoringCase("\r\nCache-Control: no-store\r\n")
        .containsIgnoringCase("\r\nContent-Language: en\r\n")
        .contains("<code data-value>imap.example.com</code>");
  }

  @ParameterizedTest
  @CsvSource({
    "/settings, text/html",
    "/settings/page.css, text/css",
    "/settings/page.js, text/javascript",
    "/settings/dns, text/plain",
    "/settings/apple.mobileconfig?address=alice@example.com, application/x-apple-aspen-config",
    "/mail/config-v1.1.xml, application/xml",
    "/.well-known/user-agent-configuration.json, application/json"
  })
  void everyDocumentHasItsType(String uri, String type) throws Exception {
    assertThat(get(uri))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .containsIgnoringCase("\r\nContent-Type: " + type);
  }

  @Test
  void headHasNoBody() throws Exception {
    var response = ask(head("HEAD", "/settings"));
    assertThat(response).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n");
    assertThat(response).doesNotContain("<html");
    assertThat(response.toLowerCase(Locale.ROOT)).containsPattern("content-length: \\d{4}");
  }

  @Test
  void theLanguageIsThatOfTheBrowser() throws Exception {
    assertThat(ask(head("GET", "/settings", "Accept-Language: de-CH")))
        .contains("<html lang=\"de\">", "E-Mail-Einstellungen");
  }

  private static String post(String body, String length) {
    return head("POST", "/Autodiscover/autodiscover.xml", length) + body;
  }

  @Test
  void outlookIsAnswered() throws Exception {
    var body =
        "<Autodiscover><Request><EMailAddress>alice@example.com</EMailAddress></Request>"
            + "</Autodiscover>";
    assertThat(ask(post(body, "Content-Length: " + body.length())))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("<Server>imap.example.com</Server>");
  }

  @Test
  void aBodyIsBounded() throws Exception {
    var most = "x".repeat(SettingsHandler.MAX_BODY);
    assertThat(ask(post(most, "Content-Length: " + most.length())))
        .startsWith("HTTP/1.1 400 ")
        .contains("not well-formed XML");
    var more = most + "x";
    assertThat(ask(post(more, "Content-Length: " + more.length())))
        .startsWith("HTTP/1.1 413 ")
        .contains("at most 65536 octets");
    var chunk = Integer.toHexString(more.length()) + "\r\n" + more + "\r\n0\r\n\r\n";
    assertThat(ask(post(chunk, "Transfer-Encoding: chunked"))).startsWith("HTTP/1.1 413 ");
    assertThat(ask(head("GET", "/settings", "Content-Length: 1") + "x"))
        .startsWith("HTTP/1.1 413 ");
  }

  @Test
  void theHeadIsBounded() throws Exception {
    assertThat(get("/settings?address=" + "a".repeat(5_000)))
        .containsPattern("^HTTP/1.. 414 ")
        .contains("at most 4096 octets");
    assertThat(ask(head("GET", "/settings", "X-A: " + "a".repeat(20_000))))
        .containsPattern("^HTTP/1.. 431 ")
        .contains("at most 16384 octets");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/settings?address=%zz",
        "/settings?address=%",
        "/settings?address=a@b&address=c",
        "/settings?address=%00%0d%0aX:1@example.com",
        "/settings?address=" + "%F0%9F%92%A9@example.com"
      })
  void whatIsNoAddressIsABadRequest(String uri) throws Exception {
    var response = get(uri);
    assertThat(response).containsPattern("^HTTP/1.1 40[04] ").doesNotContain("\nX:1");
  }

  @Test
  void whatIsNoRequestIsRefused() throws Exception {
    assertThat(ask("EHLO example.com\r\n\r\n"))
        .containsPattern("^HTTP/1.. 400 ")
        .contains("no request");
  }

  @Test
  void tooManyRequestsAreRefused() throws Exception {
    live.swap(settings("2"));
    get("/settings");
    get("/settings");
    assertThat(get("/settings"))
        .startsWith("HTTP/1.1 429 ")
        .containsIgnoringCase("\r\nRetry-After: 60\r\n")
        .contains("Too many requests");
  }

  @Test
  void connectionsAreBoundedInNumber() throws Exception {
    open(new ConnectionLimit(vertx, 3, ConnectionLimit.LONGEST));
    try (var first = connect();
        var second = connect();
        var third = connect()) {
      for (var socket : new Socket[] {first, second, third}) {
        send(socket, "GET /settings HTTP/1.1\r\nHost: example.com\r\n\r\n");
        assertThat(socket.getInputStream().read()).isEqualTo('H');
      }
      try (var refused = connect()) {
        assertThat(rest(refused)).isEmpty();
      }
    }
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!served()) {
      assertThat(System.nanoTime()).as("connections are counted no more").isLessThan(end);
    }
  }

  @Test
  void slowAndSilentConnectionsEndWhenTheirTimeIsOver() throws Exception {
    open(new ConnectionLimit(vertx, ConnectionLimit.MOST, Duration.ofMillis(200)));
    try (var slow = connect();
        var silent = connect()) {
      send(slow, "GET /settings HTTP/1.1\r\nX-Slow: ");
      assertThat(rest(slow)).isEmpty();
      assertThat(rest(silent)).isEmpty();
    }
  }

  private void open(ConnectionLimit limit) throws Exception {
    server = server(limit);
    open();
  }

  /** The server notices the end of its connections a moment after their clients. */
  private boolean served() {
    try {
      return get("/settings").startsWith("HTTP/1.1 200 ");
    } catch (IOException _) {
      // Closed as one too many while the request was sent.
      return false;
    }
  }

  @Test
  void aDrainEndsConnectionsAfterTheirAnswer() throws Exception {
    try (var open = connect()) {
      send(open, "GET /settings/dns HTTP/1.1\r\nHost: example.com\r\n\r\n");
      assertThat(open.getInputStream().read()).isEqualTo('H');
      await(handler.drain());
      send(open, "GET /settings/dns HTTP/1.1\r\nHost: example.com\r\n\r\n");
      assertThat(rest(open)).containsIgnoringCase("\r\nConnection: close\r\n").contains("_imaps");
    }
  }
}
