package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.Eventually;
import io.postern.embedded.OwnPostgres;
import io.postern.embedded.OwnRedis;
import io.postern.embedded.ServersForPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that disconnect during work, and clients that request much and read nothing, beside one
 * that does neither, on a server with a heap of 256 MB: work without a client ends, memory stays
 * bounded, and the good client is answered.
 */
@Tag("clients")
@Timeout(600)
class BoundedWorkIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String ORPHANED = "mail_commands_orphaned";
  private static final String BUFFERED = "mail_output_buffered_bytes";
  private static final String ALICE = "LOGIN alice@example.test secret";
  private static final String ACTIVE =
      "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
          + " AND state <> 'idle' AND pid <> pg_backend_pid()";
  private static final int SILENT = 60;
  private static final long HEAP = 256L * 1024 * 1024;

  @TempDir Path directory;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private OwnPostgres postgres;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private OwnRedis redis;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private Replica server;

  @BeforeEach
  void start() throws Exception {
    postgres = new OwnPostgres(directory.resolve("postgres"));
    redis = new OwnRedis(directory.resolve("redis"));
    // Of those only the certificate is used.
    var settings = new HashMap<>(new ServersForPackage().start());
    settings.putAll(postgres.settings());
    settings.put("quarkus.redis.hosts", "redis://127.0.0.1:" + redis.port());
    settings.put("mail.imap.max-connections-per-user", "500");
    settings.put("mail.imap.max-connection-from-single-ip", "500");
    server = new Replica(settings);
    Eventually.holds("it is ready", server::ready);
  }

  @AfterEach
  void stop() {
    server.close();
    redis.close();
    postgres.close();
  }

  @Test
  void workOfDisconnectedClientsIsCancelled() throws Exception {
    try (var owner = loggedIn()) {
      owner.command("CREATE Much");
      var text = "line of a text that says nothing much at all\r\n".repeat(900);
      for (int i = 0; i < 64; i++) {
        append(owner, "Much", "Subject: s\r\n\r\n" + text);
      }
    }
    var keys =
        IntStream.range(0, 400)
            .mapToObj("NOT TEXT x%03d"::formatted)
            .collect(Collectors.joining(" "));
    for (int i = 0; i < 30; i++) {
      try (var leaver = loggedIn()) {
        leaver.command("SELECT Much");
        leaver.send("x UID SEARCH " + keys);
      }
    }
    Eventually.holds("no command runs without a client", () -> server.metric(ORPHANED) == 0);
    Eventually.holds("no connection of the database is busy", () -> busy() == 0);
    good();
  }

  @Test
  void largeHeadersDoNotFillTheHeap() throws Exception {
    var header = new StringBuilder();
    while (header.length() < 281_000) {
      header.append("To: \"Some Name\" <user@example.test>, other@example.test, c@d.test\r\n");
    }
    try (var owner = loggedIn()) {
      owner.patience((int) PATIENCE.toMillis());
      owner.command("CREATE Long");
      for (int i = 0; i < 128; i++) {
        append(owner, "Long", header + "Subject: s\r\n\r\nbody\r\n");
      }
      owner.command("SELECT Long");
      for (var items : List.of("ENVELOPE", "(BODY BODYSTRUCTURE)", "BODY.PEEK[HEADER]")) {
        assertThat(octets(owner, "FETCH 1:* " + items)).isGreaterThan(128);
      }
    }
    good();
  }

  @Test
  void clientsThatReadNothingHoldLittleMemory() throws Exception {
    var header = "X-Fill: " + "f".repeat(80) + "\r\n";
    try (var owner = loggedIn()) {
      owner.command("CREATE Header");
      // Kept with the facts, and not.
      append(owner, "Header", header.repeat(600) + "\r\nbody\r\n");
      append(owner, "Header", header.repeat(1_500) + "\r\n" + "x".repeat(200_000) + "\r\n");
    }
    var items =
        IntStream.rangeClosed(1, 199)
            .mapToObj("BODY.PEEK[HEADER]<%d.200000>"::formatted)
            .collect(Collectors.joining(" ", "(", ")"));
    var silent = new ArrayList<Peer>();
    for (int i = 0; i < SILENT; i++) {
      var client = loggedIn();
      silent.add(client);
      client.command("SELECT Header");
      client.send("x FETCH 1:2 " + items);
    }
    good();
    assertThat(server.metric(BUFFERED)).isBetween(1.0, HEAP / 8.0 + SILENT * 256.0 * 1024);
    // One that begins to read is served to the end.
    var slow = silent.getFirst();
    slow.patience((int) PATIENCE.toMillis());
    assertThat(slow.until("x ")).startsWith("x OK");
    for (var client : silent) {
      client.close();
    }
    Eventually.holds(
        "nothing is held for those that have gone", () -> server.metric(BUFFERED) == 0);
    Eventually.holds("no command runs without a client", () -> server.metric(ORPHANED) == 0);
  }

  private Peer loggedIn() throws IOException {
    var client = new Peer(server.imap());
    client.line();
    client.command(ALICE);
    return client;
  }

  private static void append(Peer client, String mailbox, String message) throws IOException {
    client.command("APPEND " + mailbox + " {" + message.length() + "+}\r\n" + message);
  }

  private static long octets(Peer client, String command) throws IOException {
    client.send("o " + command);
    long octets = 0;
    while (true) {
      var line = client.line();
      if (line.startsWith("o ")) {
        assertThat(line).startsWith("o OK");
        return octets;
      }
      octets += line.length();
    }
  }

  /** A client that does nothing wrong is served, and the server is alive. */
  private void good() throws IOException {
    try (var client = loggedIn()) {
      assertThat(client.command("SELECT INBOX")).contains("EXISTS");
      assertThat(client.command("NOOP")).contains("t OK");
    }
    assertThat(server.health("live").statusCode()).isEqualTo(200);
  }

  /** Connections of the server that PostgreSQL does something for now. */
  private long busy() {
    try {
      var how = postgres.settings();
      try (var connection =
              DriverManager.getConnection(
                  how.get("quarkus.datasource.jdbc.url"),
                  how.get("quarkus.datasource.username"),
                  how.get("quarkus.datasource.password"));
          var statement = connection.createStatement();
          var rows = statement.executeQuery(ACTIVE)) {
        rows.next();
        return rows.getLong(1);
      }
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
