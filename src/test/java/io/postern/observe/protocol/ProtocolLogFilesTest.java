package io.postern.observe.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.config.LiveSettings;
import io.postern.config.TestSettings;
import io.postern.config.area.ProtocolLogSettings;
import io.postern.model.MailProtocol;
import io.postern.observe.protocol.ProtocolLogEntry.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When files of the protocol log begin, what they are called, and when they are deleted. */
public class ProtocolLogFilesTest {
  /** A Monday. */
  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

  private static final int HEAD =
      ProtocolLogFormat.head(ProtocolLogSettings.Format.EXCHANGE_2016, MailProtocol.IMAP, NOON)
          .length();

  @TempDir Path directory;

  private final ProtocolLogFiles files = new ProtocolLogFiles(MailProtocol.IMAP);

  @AfterEach
  void close() throws IOException {
    files.close();
  }

  private ProtocolLogSettings settings(String... more) {
    var all =
        Stream.concat(
                // The files have the time of this machine, the entries have another.
                Stream.of("log-file-location=" + directory, "log-age-quota=P3650D"),
                Stream.of(more))
            .map(it -> "mail.imap." + it)
            .toArray(String[]::new);
    return LiveSettings.protocolLog(TestSettings.of(all), MailProtocol.IMAP).orElseThrow();
  }

  private static ProtocolLogEntry entry(Instant time, String parameters) {
    return new ProtocolLogEntry(
        Kind.COMMAND,
        time,
        LoggedSessions.alice(MailProtocol.IMAP),
        1,
        "NOOP",
        parameters,
        "ok",
        Duration.ZERO,
        8,
        9);
  }

  private List<String> names() throws IOException {
    try (var all = Files.list(directory)) {
      return all.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "hourly,  2026-11-30T12:59:59.999Z, 2026-11-30T13:00:00Z, IMAP42026113012-1.LOG, IMAP42026113013-1.LOG",
    "daily,   2026-11-30T23:59:59.999Z, 2026-12-01T00:00:00Z, IMAP420261130-1.LOG,   IMAP420261201-1.LOG",
    "weekly,  2026-12-06T23:59:59.999Z, 2026-12-07T00:00:00Z, IMAP420261130-1.LOG,   IMAP420261207-1.LOG",
    "monthly, 2026-11-30T23:59:59.999Z, 2026-12-01T00:00:00Z, IMAP4202611-1.LOG,     IMAP4202612-1.LOG"
  })
  void aFileBeginsWithEachPeriod(
      String rollOver, Instant last, Instant next, String first, String second) throws IOException {
    var settings = settings("log-file-roll-over-settings=" + rollOver);
    files.write(entry(NOON, ""), settings);
    files.write(entry(last, ""), settings);
    assertThat(names()).containsExactly(first);
    files.write(entry(next, ""), settings);
    // One that was queued late belongs to the file in use.
    files.write(entry(last, ""), settings);
    assertThat(names()).containsExactly(first, second);
  }

  @Test
  void aFileThatIsFullIsFollowedByTheNext() throws IOException {
    var settings = settings("log-per-file-size-quota=64K");
    var line = ProtocolLogFormat.lines(settings.logFormat(), entry(NOON, ""));
    int fitting = 65_536 - HEAD - line.length();
    var filling = new ArrayList<ProtocolLogEntry>();
    for (int left = fitting; left > 0; left -= line.length() + 500) {
      filling.add(entry(NOON, "x".repeat(Math.max(0, Math.min(500, left - line.length())))));
    }
    for (var entry : filling) {
      files.write(entry, settings);
    }
    files.write(entry(NOON, ""), settings);
    assertThat(names()).contains("IMAP420261130-1.LOG");
    files.write(entry(NOON.plus(Duration.ofDays(3)), "x".repeat(900)), settings);
    files.flush();
    assertThat(names()).containsExactly("IMAP420261130-1.LOG", "IMAP420261203-1.LOG");
    assertThat(Files.size(directory.resolve("IMAP420261130-1.LOG")))
        .isLessThanOrEqualTo(65_536)
        .isGreaterThan(65_536 - 1_000);
  }

  @Test
  void aFileWithoutQuotaLastsUntilTheProcessEnds() throws IOException {
    var settings = settings("log-per-file-size-quota=unlimited");
    for (int day = 0; day < 40; day++) {
      files.write(entry(NOON.plus(Duration.ofDays(day)), "x".repeat(1_000)), settings);
    }
    assertThat(names()).containsExactly("IMAP420261130-1.LOG");
  }

  @Test
  void noFileOfAnotherProcessIsWrittenTo() throws IOException {
    try (var other = new ProtocolLogFiles(MailProtocol.IMAP)) {
      other.write(entry(NOON, "first"), settings());
      files.write(entry(NOON, "second"), settings());
      other.flush();
      files.flush();
    }
    assertThat(names()).containsExactly("IMAP42026113012-1.LOG", "IMAP42026113012-2.LOG");
    assertThat(directory.resolve("IMAP42026113012-2.LOG")).content().contains("second");
  }

  @Test
  void anotherFormatBeginsAnotherFile() throws IOException {
    files.write(entry(NOON, ""), settings("log-format=exchange-2013"));
    files.write(entry(NOON, ""), settings("log-format=json"));
    files.flush();
    assertThat(directory.resolve("IMAP42026113012-1.LOG"))
        .content()
        .contains("#Fields: date-time,");
    assertThat(directory.resolve("IMAP42026113012-2.LOG")).content().startsWith("{\"dateTime\"");
  }

  private Path old(String name, Duration age, int octets) throws IOException {
    var file = Files.writeString(directory.resolve(name), "x".repeat(octets));
    return Files.setLastModifiedTime(file, FileTime.from(NOON.minus(age)));
  }

  @Test
  void filesBeyondTheirAgeAreDeleted() throws IOException {
    var hour = Duration.ofHours(1);
    old("IMAP42026113010-1.LOG", hour.plusMillis(1), 1);
    old("IMAP42026113011-1.LOG", hour, 1);
    old("POP32026113001-1.LOG", hour.multipliedBy(9), 1);
    old("IMAP4.notes.LOG", hour.multipliedBy(9), 1);
    files.write(entry(NOON, ""), settings("log-age-quota=PT1H"));
    assertThat(names())
        .containsExactly(
            "IMAP4.notes.LOG",
            "IMAP42026113011-1.LOG",
            "IMAP42026113012-1.LOG",
            "POP32026113001-1.LOG");
  }

  @Test
  void theOldestFilesAreDeletedBeyondTheSizeOfAll() throws IOException {
    old("IMAP42026113009-1.LOG", Duration.ofHours(3), 1 << 19);
    old("IMAP42026113010-1.LOG", Duration.ofHours(2), 1 << 19);
    files.tidy(settings("log-size-quota=1M"), NOON);
    assertThat(names()).hasSize(2);
    old("IMAP42026113011-1.LOG", Duration.ofHours(1), 1);
    files.tidy(settings("log-size-quota=1M"), NOON);
    assertThat(names()).containsExactly("IMAP42026113010-1.LOG", "IMAP42026113011-1.LOG");
  }

  @Test
  void aDirectoryThatCannotBeMadeIsAnError() throws IOException {
    Files.writeString(directory.resolve("file"), "");
    var settings = settings("log-file-location=" + directory.resolve("file"));
    assertThatThrownBy(() -> files.write(entry(NOON, ""), settings))
        .isInstanceOf(IOException.class);
  }
}
