package io.postern.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.postern.transfer.MailboxImport;
import io.postern.transfer.MemoryMailbox;
import io.postern.transfer.Progress.Count;
import io.postern.transfer.Rate;
import io.postern.transfer.archive.ArchivedMessage;
import io.postern.transfer.archive.MaildirWriter;
import io.postern.transfer.archive.Spool;
import io.postern.transfer.source.ImapMigration;
import io.postern.transfer.source.ImapServer;
import io.postern.transfer.source.ImapServer.Encryption;
import io.postern.transfer.source.ImapSource;
import io.postern.transfer.source.MigrationJournal;
import io.postern.wire.Certificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A migration of 20 folders from Dovecot, if it is installed. */
@Tag("clients")
@Timeout(300)
class DovecotMigrationIT {
  private static final int FOLDERS = 20;
  private static final int MESSAGES = 12;
  private static final OffsetDateTime DATE = OffsetDateTime.parse("2021-03-04T05:06:07Z");

  private record Sent(String octets, List<String> flags, OffsetDateTime date) {}

  @TempDir Path root;

  private final Map<String, List<Sent>> sent = new LinkedHashMap<>();
  private final Map<String, MemoryMailbox> targets = new LinkedHashMap<>();

  // Set by start(), unless the tests are skipped.
  @SuppressWarnings("NullAway.Init")
  private Dovecot dovecot;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(DovecotProcess.isInstalled(), "Dovecot is not installed");
    for (int folder = 0; folder < FOLDERS; folder++) {
      // Maildir++: modified UTF-7, levels separated by dots.
      var directory = folder == 0 ? "" : ".Old.&AOQ- " + folder;
      fill(root.resolve("mail").resolve(directory), folder == 0 ? "INBOX" : "Old/ä " + folder);
    }
    dovecot = new Dovecot(root);
  }

  @AfterEach
  void stop() {
    if (DovecotProcess.isInstalled()) {
      dovecot.close();
    }
  }

  private void fill(Path directory, String name) throws IOException {
    var all = new ArrayList<Sent>();
    try (var writer = new MaildirWriter(directory, 1)) {
      for (int i = 0; i < MESSAGES; i++) {
        var octets =
            "Subject: %s %d\r\n\r\n%s\r\n".formatted(name.length(), i, "x\r\n".repeat(i * 999));
        var flags = i % 3 == 0 ? List.of("\\Seen", "$Label1") : List.<String>of();
        var date = DATE.plusMinutes(i);
        try (var spool = new Spool()) {
          spool.write(octets.getBytes(StandardCharsets.US_ASCII));
          spool.finish();
          writer.write(i + 1L, new ArchivedMessage(spool, flags, date));
        }
        all.add(new Sent(octets, flags, date));
      }
    }
    sent.put(name, all);
  }

  private ImapServer server(Encryption encryption, boolean trusted) {
    return new ImapServer(
        "localhost",
        encryption == Encryption.SSL ? dovecot.imaps() : dovecot.imap(),
        encryption,
        trusted ? Optional.of(dovecot.certificate()) : Optional.empty());
  }

  private Count migrate(Encryption encryption, int killedAfter) throws IOException {
    var sum = Count.NONE;
    try (var source = new ImapSource(server(encryption, true), Dovecot.USER, Dovecot.PASSWORD);
        var journal = new MigrationJournal(root.resolve("journal"))) {
      for (var folder : source.folders()) {
        var target = targets.computeIfAbsent(folder.name(), _ -> new MemoryMailbox());
        target.killedAfter(killedAfter - (int) sum.added());
        var migration =
            new ImapMigration(
                source,
                journal,
                _ ->
                    new MailboxImport(
                        target,
                        Rate.unlimited(),
                        text -> {
                          throw new AssertionError(text);
                        }));
        sum = sum.plus(migration.folder(folder, (fraction, count) -> {}));
      }
    }
    return sum;
  }

  private void requireAll() {
    sent.forEach(
        (name, all) ->
            assertThat(Objects.requireNonNull(targets.get(name)).held())
                .as(name)
                .extracting(it -> new Sent(it.octets(), it.flags(), utc(it.date())))
                .containsExactlyElementsOf(all));
  }

  private static OffsetDateTime utc(OffsetDateTime date) {
    return date.withOffsetSameInstant(ZoneOffset.UTC);
  }

  @ParameterizedTest
  @EnumSource
  void allFoldersArrive(Encryption encryption) throws IOException {
    assertThat(migrate(encryption, Integer.MAX_VALUE).added()).isEqualTo(FOLDERS * MESSAGES);
    requireAll();
  }

  @Test
  void aMigrationThatWasKilledGoesOn() throws IOException {
    assertThatThrownBy(() -> migrate(Encryption.SSL, 100)).hasMessage("killed");
    assertThat(migrate(Encryption.SSL, Integer.MAX_VALUE).read())
        .isEqualTo(FOLDERS * MESSAGES - 100);
    requireAll();
  }

  @ParameterizedTest
  @EnumSource(names = {"SSL", "STARTTLS"})
  void aCertificateThatIsNotTrustedEndsTheConnection(Encryption encryption) {
    assertThatThrownBy(
            () -> new ImapSource(server(encryption, false), Dovecot.USER, Dovecot.PASSWORD))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void aCertificateOfAnotherHostEndsTheConnection() throws IOException {
    var other = Certificates.made("other.example.test");
    Files.writeString(root.resolve("other.pem"), other.certificate().toString());
    var address =
        new ImapServer(
            "127.0.0.1", dovecot.imaps(), Encryption.SSL, Optional.of(dovecot.certificate()));
    assertThatThrownBy(() -> new ImapSource(address, Dovecot.USER, Dovecot.PASSWORD))
        .isInstanceOf(SSLException.class);
    var wrong =
        new ImapServer(
            "localhost", dovecot.imaps(), Encryption.SSL, Optional.of(root.resolve("other.pem")));
    assertThatThrownBy(() -> new ImapSource(wrong, Dovecot.USER, Dovecot.PASSWORD))
        .isInstanceOf(SSLException.class);
  }
}
