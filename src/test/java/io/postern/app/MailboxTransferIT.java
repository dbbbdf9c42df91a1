package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.postern.admin.cli.PosternCommandLine;
import io.postern.transfer.archive.ArchivedMessage;
import io.postern.transfer.archive.MboxWriter;
import io.postern.transfer.archive.Spool;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A large mailbox goes in, out, and in again; the command is killed on the way. */
@QuarkusTest
@Timeout(3_000)
class MailboxTransferIT {
  /** Ten thousand with {@code -Dtransfer.messages=10000}, which takes some minutes. */
  private static final int MESSAGES = Integer.getInteger("transfer.messages", 1_000);

  private static final String TOKEN = "token-of-the-tests-0123456789";
  private static final OffsetDateTime DATE = OffsetDateTime.parse("2019-12-31T23:59:59-11:00");

  @TempDir Path directory;

  private String account() {
    var name = "transfer-" + UUID.randomUUID() + "@example.test";
    RestAssured.given()
        .header("Authorization", "Bearer " + TOKEN)
        .contentType("application/json")
        .body(Map.of("name", name, "password", "correct horse"))
        .post("/admin/v1/accounts")
        .then()
        .statusCode(201);
    return name;
  }

  private static String url() {
    return RestAssured.baseURI + ":" + RestAssured.port;
  }

  private static String run(String... arguments) {
    var out = new StringWriter();
    int code =
        PosternCommandLine.run(
            Map.of("POSTERN_TOKEN", TOKEN),
            new PrintWriter(out, true),
            new PrintWriter(out, true),
            with(arguments));
    assertThat(code).as(out.toString()).isZero();
    return out.toString();
  }

  private static String[] with(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--url", url()));
    return all.toArray(String[]::new);
  }

  private Path mbox(int messages) throws IOException {
    var file = directory.resolve("in.mbox");
    try (var writer = new MboxWriter(Files.newOutputStream(file))) {
      for (int i = 0; i < messages; i++) {
        // Each fifth is there twice, with the same date; many have the same size.
        int n = i - (i % 5 == 4 ? 1 : 0);
        var octets =
            "Subject: message %05d\r\n\r\nFrom me\r\n>From you\r\n%s"
                .formatted(n, "line\r\n".repeat(n % 50));
        if (n % 100 == 7) {
          octets += "bare\nline feeds, and no end";
        }
        var flags = n % 2 == 0 ? List.of("\\Seen", "$Junk", "work") : List.of("\\Flagged");
        try (var spool = new Spool()) {
          spool.write(octets.getBytes(StandardCharsets.US_ASCII));
          spool.finish();
          writer.write(i + 1L, new ArchivedMessage(spool, flags, DATE.plusSeconds(n / 7)));
        }
      }
    }
    return file;
  }

  private static long messages(String account, String mailbox) throws IOException {
    for (var line : run("mailboxes", "list", account, "--json").lines().toList()) {
      var item = new ObjectMapper().readTree(line);
      if (item.path("name").asText().equals(mailbox)) {
        return item.path("messages").asLong();
      }
    }
    return 0;
  }

  /** Runs the command in a process of its own, and kills it when so many messages are there. */
  private void killed(String account, long at, String... arguments) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(with(arguments)));
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile());
    builder.environment().put("POSTERN_TOKEN", TOKEN);
    var process = builder.start();
    var deadline = Instant.now().plus(Duration.ofMinutes(10));
    while (messages(account, "INBOX") < at) {
      assertThat(process.isAlive()).as(Files.readString(directory.resolve("output"))).isTrue();
      assertThat(Instant.now()).isBefore(deadline);
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
    process.destroyForcibly().waitFor();
  }

  @Test
  void inOutAndInAgainIsTheSameAlthoughTheCommandIsKilled() throws Exception {
    var in = mbox(MESSAGES);
    var account = account();
    var importing = new String[] {"mailboxes", "import", account, in.toString()};
    killed(account, MESSAGES / 3, importing);
    killed(account, MESSAGES / 2, importing);
    assertThat(run(importing)).contains(MESSAGES + " messages: ", " present before, 0 refused");
    assertThat(messages(account, "INBOX")).isEqualTo(MESSAGES);
    assertThat(run(importing)).contains("0 added, " + MESSAGES + " present before");
    assertThat(messages(account, "INBOX")).isEqualTo(MESSAGES);

    var out = directory.resolve("out.mbox");
    run("mailboxes", "export", account, out.toString());
    assertThat(Files.mismatch(in, out)).isEqualTo(-1);
  }

  @Test
  void theOtherFormatsAreTheSame() throws Exception {
    var in = mbox(MESSAGES / 10);
    var account = account();
    run("mailboxes", "import", account, in.toString());
    for (var format : List.of("tar", "maildir")) {
      var file = directory.resolve("archive-" + format).toString();
      run("mailboxes", "export", account, file, "--format", format);
      run("mailboxes", "import", account, file, "--format", format, "--mailbox", format);
      var again = directory.resolve(format + ".mbox");
      run("mailboxes", "export", account, again.toString(), "--mailbox", format);
      assertThat(Files.mismatch(in, again)).as(format).isEqualTo(-1);
    }
  }
}
