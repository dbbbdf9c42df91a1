package io.postern.admin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line against an API whose answers are set. */
class PosternCommandTest {
  private static final String ALICE =
      "{\"name\":\"alice@example.test\",\"enabled\":true,\"administrator\":false,"
          + "\"imapEnabled\":true,\"popEnabled\":false}";

  private final StubApi api = new StubApi();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  PosternCommandTest() throws IOException {}

  @AfterEach
  void close() {
    api.close();
  }

  private int run(String... arguments) {
    return run(Map.of("POSTERN_URL", "unused", "POSTERN_TOKEN", StubApi.TOKEN), arguments);
  }

  private int run(Map<String, String> environment, String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--url", api.url()));
    return PosternCommandLine.run(
        environment,
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        all.toArray(String[]::new));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("file"), text);
  }

  @Test
  void aListIsATableOfAllItsPages() {
    api.answer(
        "GET /admin/v1/accounts?limit=500", 200, "{\"items\":[" + ALICE + "],\"next\":\"a b\"}");
    api.answer(
        "GET /admin/v1/accounts?limit=500&after=a%20b",
        200, "{\"items\":[{\"name\":\"b@example.test\",\"enabled\":false}]}");
    assertThat(run("accounts", "list")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "NAME                 ENABLED   IMAP ENABLED   POP ENABLED   ADMINISTRATOR   PLAN",
            "alice@example.test   yes       yes            no            no",
            "b@example.test       no");
  }

  @Test
  void jsonIsWhatTheApiAnswers() {
    api.answer("GET /admin/v1/accounts?limit=500", 200, "{\"items\":[" + ALICE + "]}");
    assertThat(run("accounts", "list", "--json")).isZero();
    assertThat(out.toString().strip()).isEqualTo(ALICE);
  }

  @Test
  void aPasswordIsTheFirstLineOfItsFile() throws IOException {
    api.answer("POST /admin/v1/accounts", 201, ALICE);
    var file = file("pass word\nmore\n").toString();
    assertThat(run("accounts", "create", "alice@example.test", "--password-file", file)).isZero();
    assertThat(api.requests())
        .singleElement()
        .asString()
        .contains("\"password\":\"pass word\"")
        .contains("\"name\":\"alice@example.test\"");
    assertThat(out.toString() + err).doesNotContain("pass word");
  }

  @Test
  void onlyWhatIsGivenIsChanged() {
    api.answer("PATCH /admin/v1/accounts/alice%40example.test", 200, ALICE);
    assertThat(run("accounts", "change", "alice@example.test", "--pop", "false")).isZero();
    assertThat(api.requests())
        .containsExactly("PATCH /admin/v1/accounts/alice%40example.test {\"popEnabled\":false}");
    assertThat(run("accounts", "change", "alice@example.test")).isEqualTo(1);
    assertThat(err.toString()).contains("Nothing to change");
  }

  @Test
  void aPlanIsReplacedAsAWhole() {
    var url = "/admin/v1/mailbox-plans/staff";
    api.answer("PUT " + url, 201, "{\"name\":\"staff\",\"popEnabled\":false}");
    assertThat(
            run(
                "plans",
                "set",
                "staff",
                "--default",
                "--pop",
                "false",
                "--imap-setting",
                "messageRetrievalMimeFormat=text-only",
                "--imap-setting",
                "suppressReadReceipt=true",
                "--messages",
                "5",
                "--deleted-item-days",
                "30"))
        .isZero();
    assertThat(api.requests())
        .containsExactly(
            "PUT "
                + url
                + " {\"byDefault\":true,\"popEnabled\":false,"
                + "\"imap\":{\"useProtocolDefaults\":false,"
                + "\"messageRetrievalMimeFormat\":\"text-only\",\"suppressReadReceipt\":true},"
                + "\"quota\":{\"maxMessages\":5},\"deletedItemRetentionDays\":30}");
  }

  @Test
  void anAccountIsGivenAPlanAndItsOwnValuesAreTakenBack() {
    api.answer("PATCH /admin/v1/accounts/alice%40example.test", 200, ALICE);
    assertThat(
            run(
                "accounts",
                "change",
                "alice@example.test",
                "--plan",
                "staff",
                "--inherit",
                "imapEnabled,popEnabled"))
        .isZero();
    assertThat(api.requests())
        .containsExactly(
            "PATCH /admin/v1/accounts/alice%40example.test"
                + " {\"plan\":\"staff\",\"inherit\":[\"imapEnabled\",\"popEnabled\"]}");
    assertThat(run("accounts", "change", "alice@example.test", "--plan", "")).isZero();
    assertThat(api.requests().getLast())
        .isEqualTo("PATCH /admin/v1/accounts/alice%40example.test {\"plan\":\"\"}");
  }

  @Test
  void theAuditIsListedOnePageAtATime() {
    api.answer(
        "GET /admin/v1/audit?account=a%40b&action=DELETE&limit=1",
        200,
        "{\"items\":[{\"id\":7,\"at\":\"2026-01-31T12:00:00Z\",\"actor\":\"eve\",\"address\":\"::1\","
            + "\"status\":204,\"action\":\"DELETE accounts/{name}\",\"account\":\"a@b\"}],"
            + "\"next\":\"7\"}");
    assertThat(run("audit", "list", "--account", "a@b", "--action", "DELETE", "--limit", "1"))
        .isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "AT                     ACTOR   ADDRESS   STATUS   ACTION                   ACCOUNT",
            "2026-01-31T12:00:00Z   eve     ::1       204      DELETE accounts/{name}   a@b");
    assertThat(err.toString()).contains("--after 7");
  }

  @Test
  void nothingIsDeletedUnlessThePersonAgrees() {
    api.answer("DELETE /admin/v1/accounts/alice%40example.test", 204, "");
    assertThat(run("accounts", "delete", "alice@example.test")).isEqualTo(1);
    assertThat(api.requests()).isEmpty();
    assertThat(run("accounts", "delete", "alice@example.test", "--yes")).isZero();
    assertThat(api.requests()).hasSize(1);
  }

  @Test
  void aNameThatLeadsToAnotherResourceIsRefused() {
    api.answer("DELETE /admin/v1/accounts/alice%40example.test/app-passwords/..", 204, "");
    api.answer("GET /admin/v1/accounts/", 200, ALICE);
    for (var name : List.of("..", ".", "")) {
      assertThat(run("app-passwords", "revoke", "alice@example.test", name)).isEqualTo(1);
      assertThat(run("accounts", "show", name)).isEqualTo(1);
    }
    assertThat(api.requests()).isEmpty();
    assertThat(err.toString()).contains("\"..\" is no name");
  }

  @Test
  void aProblemIsToldWithItsInvalidFields() {
    api.answer(
        "POST /admin/v1/components/imap/state",
        422,
        "{\"title\":\"Unprocessable Content\",\"detail\":\"1 field is"
            + " invalid\",\"errors\":[{\"field\":\"state\",\"value\":\"off\",\"allowed\":\"active,"
            + " draining or inactive\"}]}");
    assertThat(run("server", "set-component", "imap", "off")).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            "postern: 422 Unprocessable Content: 1 field is invalid",
            "  state is \"off\", but active, draining or inactive is allowed");
  }

  @Test
  void theFormOfMessagesIsChangedForOneProtocol() {
    var settings = "/admin/v1/accounts/a%40b/protocol-settings/imap";
    api.answer("PATCH " + settings, 200, "{\"useProtocolDefaults\":false}");
    assertThat(
            run(
                "protocol-settings",
                "set",
                "a@b",
                "imap",
                "--use-defaults",
                "false",
                "--format",
                "text-only"))
        .isZero();
    assertThat(api.requests())
        .containsExactly(
            "PATCH "
                + settings
                + " {\"useProtocolDefaults\":false,"
                + "\"messageRetrievalMimeFormat\":\"text-only\"}");
    assertThat(run("protocol-settings", "set", "a@b", "imap")).isEqualTo(1);
  }

  @Test
  void aQuotaIsShownWithTheLevelsOfTheAccountMarked() {
    var quota =
        "{\"octets\":7,\"messages\":2,\"state\":\"warning\",\"own\":{\"maxMessages\":3},"
            + "\"inForce\":{\"issueWarningQuota\":5,\"maxMessages\":3}}";
    api.answer("PUT /admin/v1/accounts/a%40b/quota", 200, quota);
    assertThat(run("quota", "set", "a@b", "--messages", "3")).isZero();
    assertThat(api.requests())
        .containsExactly("PUT /admin/v1/accounts/a%40b/quota {\"maxMessages\":3}");
    assertThat(out.toString().lines())
        .containsExactly(
            "7 octets in 2 messages: warning", "issueWarningQuota 5", "maxMessages 3 *");
  }

  @Test
  void aChangeOfManyAccountsGoesPageByPage() {
    api.answer(
        "POST /admin/v1/account-changes?limit=100",
        200,
        "{\"examined\":100,\"changed\":[\"a@b\"],\"next\":\"m@b\"}");
    api.answer(
        "POST /admin/v1/account-changes?limit=100&after=m%40b",
        200, "{\"examined\":7,\"changed\":[\"z@b\"]}");
    assertThat(run("accounts", "change-all", "--domain", "b", "--pop", "false")).isEqualTo(1);
    assertThat(api.requests()).isEmpty();
    assertThat(run("accounts", "change-all", "--domain", "b", "--pop", "false", "--yes")).isZero();
    assertThat(api.requests())
        .hasSize(2)
        .allSatisfy(
            it ->
                assertThat(it)
                    .endsWith(
                        " {\"filter\":{\"domain\":\"b\"},\"change\":{\"popEnabled\":false}}"));
    assertThat(out.toString().lines())
        .containsExactly("a@b", "z@b", "2 accounts of 107 were changed.");
    assertThat(err.toString()).contains("1 of 100 changed; --after m@b goes on");
    assertThat(run("accounts", "change-all", "--yes")).isEqualTo(1);
  }

  @Test
  void aConnectivityTestIsATableOfItsSteps() throws IOException {
    var report =
        "{\"casServer\":\"node-1\",\"protocol\":\"imap\",\"port\":993,\"result\":\"%s\",\"latencyMillis\":2.5,\"error\":\"login:"
            + " NO\",\"scenarios\":[{\"scenario\":\"connect\","
            + "\"result\":\"success\",\"latencyMillis\":0.5},{\"scenario\":\"login\",\"result\":"
            + "\"failure\",\"latencyMillis\":2.0,\"error\":\"NO\"}]}";
    api.answer("POST /admin/v1/connectivity-tests/imap", 200, report.formatted("failure"));
    var file = file("s3cret\n").toString();
    assertThat(run("test", "imap", "--user", "a@b", "--password-file", file, "--light"))
        .isEqualTo(1);
    assertThat(out.toString().lines())
        .containsExactly(
            "SCENARIO   RESULT    LATENCY MILLIS   ERROR",
            "connect    success   0.5",
            "login      failure   2.0              NO",
            "imap on port 993 of node-1: failure in 2.5 ms");
    assertThat(err.toString()).contains("The test failed: login: NO");
    assertThat(api.requests())
        .singleElement()
        .asString()
        .contains("\"lightMode\":true", "\"password\":\"s3cret\"", "\"connectionType\":\"tls\"");
    api.answer("POST /admin/v1/connectivity-tests/imap", 200, report.formatted("success"));
    assertThat(run("test", "imap")).isZero();
  }

  @Test
  void aVerificationAddsItsPagesUpAndFailsWhenSomethingIsWrong() {
    api.answer(
        "GET /admin/v1/store-verification?limit=500",
        200,
        "{\"mailboxes\":2,\"messages\":7,\"unownedContents\":1,\"findings\":[],\"next\":\"1-2\"}");
    api.answer(
        "GET /admin/v1/store-verification?limit=500&after=1-2",
        200,
        "{\"mailboxes\":1,\"messages\":3,\"unownedContents\":0,\"findings\":"
            + "[{\"account\":1,\"mailbox\":3,\"problem\":\"checksum\"}]}");
    assertThat(run("store", "verify")).isEqualTo(1);
    assertThat(out.toString().lines())
        .containsExactly(
            "account 1, mailbox 3: checksum",
            "3 mailboxes with 10 messages: 1 findings, 1 contents that no message has");
    assertThat(err.toString()).contains("--after 1-2 goes on", "findings=1");
  }

  @Test
  void wrongUsageIsExitCodeTwo() {
    assertThat(run("accounts", "lst")).isEqualTo(2);
    assertThat(run("accounts")).isEqualTo(2);
    assertThat(run("accounts", "show")).isEqualTo(2);
    assertThat(run("accounts", "list", "--url", "imap.example.test")).isEqualTo(2);
    assertThat(err.toString()).contains("http://HOST:PORT is needed");
    assertThat(api.requests()).isEmpty();
  }

  @Test
  void theTokenIsReadFromAFileBeforeTheEnvironment() throws IOException {
    api.answer("GET /admin/v1/accounts?limit=500", 200, "{\"items\":[]}");
    var file = file(StubApi.TOKEN + "\n").toString();
    assertThat(run(Map.of("POSTERN_TOKEN", "other"), "accounts", "list")).isEqualTo(1);
    assertThat(err.toString()).contains("401 Unauthorized");
    assertThat(
            run(Map.of("POSTERN_TOKEN", "other", "POSTERN_TOKEN_FILE", file), "accounts", "list"))
        .isZero();
    assertThat(run(Map.of(), "accounts", "list", "--token-file", file)).isZero();
    assertThat(run(Map.of(), "accounts", "list")).isEqualTo(1);
    assertThat(err.toString()).contains("There is no token");
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8080, false",
    "http://127.1.2.3:8080, false",
    "http://localhost:8080, false",
    "http://[::1]:8080, false",
    "https://postern.example.test, false",
    "http://postern.example.test, true",
    "http://127.0.0.1.example.test, true",
    "http://192.0.2.1:8080, true"
  })
  void aTokenThatIsSentUnencryptedToAnotherMachineIsExposed(URI server, boolean exposed) {
    assertThat(PosternCommand.exposes(server)).isEqualTo(exposed);
  }

  @Test
  void aServerThatDoesNotAnswerIsNamed() {
    var url = api.url();
    api.close();
    assertThat(run("accounts", "list")).isEqualTo(1);
    assertThat(err.toString()).contains("No server answers at " + url);
  }

  @Test
  void theHelpOfEachCommandNamesItsOptions() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("accounts", "app-passwords", "delegates", "recoverable", "sessions", "server")
        .contains("store", "completion");
    assertThat(run("accounts", "change", "--help")).isZero();
    assertThat(out.toString()).contains("--imap=BOOL", "--pop=BOOL", "--url=URL", "--json");
  }

  @Test
  void theCompletionScriptKnowsTheCommands() {
    assertThat(run("completion")).isZero();
    assertThat(out.toString()).contains("app-passwords", "set-component", "renew-uid-validity");
  }
}
