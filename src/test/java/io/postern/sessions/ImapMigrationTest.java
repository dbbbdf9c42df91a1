package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.transfer.MailboxImport;
import io.postern.transfer.MemoryMailbox;
import io.postern.transfer.MemoryMailbox.Held;
import io.postern.transfer.Progress.Count;
import io.postern.transfer.Rate;
import io.postern.transfer.source.ImapMigration;
import io.postern.transfer.source.ImapServer;
import io.postern.transfer.source.ImapServer.Encryption;
import io.postern.transfer.source.ImapSource;
import io.postern.transfer.source.MigrationJournal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A migration from another server of this program. */
class ImapMigrationTest {
  private static final int FOLDERS = 20;
  private static final int MESSAGES = 7;
  private static final OffsetDateTime DATE = OffsetDateTime.parse("2020-02-29T01:02:03-07:00");

  @TempDir Path directory;

  private final MemoryTarget server = new MemoryTarget();
  private final Target.Login user = server.account();
  private final Map<String, List<Held>> sent = new LinkedHashMap<>();
  private final Map<String, MemoryMailbox> targets = new LinkedHashMap<>();

  @AfterEach
  void close() {
    server.close();
  }

  @BeforeEach
  void fill() throws IOException {
    try (var wire = new ClientConnection(server.host(), server.imapPort())) {
      answer(wire);
      ask(wire, "LOGIN " + user.name() + " " + user.password());
      for (int folder = 0; folder < FOLDERS; folder++) {
        // Modified UTF-7 of ä; a level below.
        var wireName = folder == 0 ? "INBOX" : "Old &AOQ-/\\\"%d\\\" & more".formatted(folder);
        wireName = wireName.replace(" & ", " &- ");
        if (folder > 0) {
          ask(wire, "CREATE \"" + wireName + "\"");
        }
        var name = folder == 0 ? "INBOX" : "Old ä/\"%d\" & more".formatted(folder);
        fill(wire, wireName, name);
      }
    }
  }

  private void fill(ClientConnection wire, String wireName, String name) throws IOException {
    var all = new ArrayList<Held>();
    for (int i = 0; i < MESSAGES; i++) {
      var octets =
          i == 3
              ? "Subject: large\r\n\r\n" + "line\r\n".repeat(50_000)
              : "Subject: %s %d\r\n\r\n)\r\n* OK {3}\r\n".formatted("x".repeat(i), i);
      var flags = i % 2 == 0 ? List.of("\\Seen", "$Junk") : List.<String>of();
      ask(
          wire,
          "APPEND \"%s\" (%s) \"29-Feb-2020 01:02:%02d -0700\" {%d+}\r\n%s"
              .formatted(wireName, String.join(" ", flags), 3 + i, octets.length(), octets));
      all.add(new Held(octets, flags, DATE.plusSeconds(i)));
    }
    sent.put(name, all);
  }

  private static String answer(ClientConnection wire) throws IOException {
    return wire.answer(Instant.now().plusSeconds(60));
  }

  private static void ask(ClientConnection wire, String command) throws IOException {
    wire.send("a " + command + "\r\n");
    for (var next = answer(wire); ; next = answer(wire)) {
      if (next.startsWith("a ")) {
        assertThat(next).startsWith("a OK");
        return;
      }
    }
  }

  private ImapSource source(Encryption encryption, String password) throws IOException {
    return new ImapSource(
        new ImapServer("127.0.0.1", server.imapPort(), encryption, Optional.empty()),
        user.name(),
        password);
  }

  private Count migrate(Path journal, int killedAfter) throws IOException {
    var sum = Count.NONE;
    int left = killedAfter;
    try (var source = source(Encryption.NONE, user.password());
        var done = new MigrationJournal(journal)) {
      for (var folder : source.folders()) {
        if (!sent.containsKey(folder.name())) {
          continue;
        }
        var target = targets.computeIfAbsent(folder.name(), _ -> new MemoryMailbox());
        target.killedAfter(left);
        var migration =
            new ImapMigration(
                source,
                done,
                _ ->
                    new MailboxImport(
                        target,
                        Rate.unlimited(),
                        text -> {
                          throw new AssertionError(text);
                        }));
        var count = migration.folder(folder, (fraction, soFar) -> {});
        left -= (int) count.added();
        sum = sum.plus(count);
      }
    }
    return sum;
  }

  private void requireAll() {
    assertThat(targets.keySet()).containsExactlyInAnyOrderElementsOf(sent.keySet());
    targets.forEach((name, target) -> assertThat(target.held()).as(name).isEqualTo(sent.get(name)));
  }

  @Test
  void allFoldersArriveWithOctetsFlagsAndDates() throws IOException {
    var count = migrate(directory.resolve("journal"), Integer.MAX_VALUE);
    requireAll();
    assertThat(count.added()).isEqualTo(FOLDERS * MESSAGES);
  }

  @Test
  void aMigrationThatWasKilledGoesOnBehindItsJournal() throws IOException {
    var journal = directory.resolve("journal");
    assertThatThrownBy(() -> migrate(journal, FOLDERS * MESSAGES / 2 + 3)).hasMessage("killed");
    var count = migrate(journal, Integer.MAX_VALUE);
    requireAll();
    assertThat(count.read()).isEqualTo(FOLDERS * MESSAGES - (FOLDERS * MESSAGES / 2 + 3));
    assertThat(migrate(journal, 0)).isEqualTo(Count.NONE);
  }

  @Test
  void withoutItsJournalItFindsWhatIsPresent() throws IOException {
    assertThatThrownBy(() -> migrate(directory.resolve("first"), 50)).hasMessage("killed");
    var count = migrate(directory.resolve("second"), Integer.MAX_VALUE);
    requireAll();
    assertThat(count.present()).isEqualTo(50);
  }

  @Test
  void otherUidsMakeTheJournalVoid() throws IOException {
    var file = directory.resolve("journal");
    Files.writeString(file, "7 99 INBOX\n8 1 a b\ncut", StandardCharsets.UTF_8);
    assertThatThrownBy(() -> migrate(file, 3)).hasMessage("killed");
    assertThat(Files.readString(file)).contains("8 1 a b\n").doesNotContain("cut");
  }

  @Test
  void aWrongPasswordIsRefusedAndNotShown() {
    assertThatThrownBy(() -> source(Encryption.NONE, "wrong \"password\" {5}"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("to LOGIN")
        .hasMessageNotContaining("password\"");
  }

  @Test
  void aCertificateThatIsNotTrustedEndsTheConnection() {
    assertThatThrownBy(() -> source(Encryption.STARTTLS, user.password()))
        .isInstanceOf(SSLException.class);
  }
}
