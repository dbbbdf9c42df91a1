package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.embedded.ServersForPackage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The package as a command line, with a packaged server. */
@Timeout(300)
class CommandLineIT {
  /** What a command printed to both streams, and its exit code. */
  private record Ran(int code, String text) {}

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private static Replica server;

  @BeforeAll
  static void start() throws IOException {
    server = new Replica(new HashMap<>(new ServersForPackage().start()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Ran run(String input, String... arguments) throws Exception {
    var command = new ArrayList<>(PackageCommand.of(Map.of()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("POSTERN_URL", "http://127.0.0.1:" + server.http());
    builder.environment().put("POSTERN_TOKEN", Replica.TOKEN);
    var process = builder.start();
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), text);
  }

  private static String done(String input, String... arguments) throws Exception {
    var ran = run(input, arguments);
    assertThat(ran.code()).as(ran.text()).isZero();
    return ran.text();
  }

  @Test
  void anAccountIsCreatedChangedDeletedAndRestored() throws Exception {
    var name = "line-" + UUID.randomUUID() + "@example.test";
    assertThat(done("correct horse\n", "accounts", "create", name, "--password-file", "-"))
        .contains(name);
    try (var client = new Peer(server.imap())) {
      client.line();
      client.command("LOGIN " + name + " \"correct horse\"");
      done("", "accounts", "change", name, "--imap", "false");
      assertThat(client.until("* BYE ")).isNotEmpty();
    }
    assertThat(done("", "accounts", "list")).containsPattern(name + " +yes +no +yes +no");
    done("", "accounts", "delete", name, "--yes");
    assertThat(run("", "accounts", "show", name))
        .satisfies(it -> assertThat(it.code()).isEqualTo(1))
        .satisfies(it -> assertThat(it.text()).startsWith("postern: 404 Not Found: "));
    assertThat(done("", "accounts", "deleted")).contains(name);
    done("", "accounts", "restore", name);
    assertThat(done("", "accounts", "show", name, "--json")).contains("\"imapEnabled\" : false");
  }

  @Test
  void theStoreIsVerifiedAndTheServerShown() throws Exception {
    assertThat(done("", "store", "verify")).containsPattern("mailboxes with \\d+ messages: 0 find");
    assertThat(done("", "server", "components")).containsPattern("(?m)^imap +yes +active");
    assertThat(done("", "server", "settings", "mail.imap.enabled")).contains("mail.imap.enabled");
  }

  @Test
  void withOneSiteNoAccountMoves() throws Exception {
    done("", "move", "list");
    var refused = run("", "move", "start", "u0@example.test", "west", "--wait");
    assertThat(refused.code()).as(refused.text()).isEqualTo(1);
    assertThat(refused.text()).startsWith("postern: 409 Conflict: mail.site.name is not set");
  }
}
