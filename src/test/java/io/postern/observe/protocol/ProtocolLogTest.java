package io.postern.observe.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postern.Eventually;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.config.component.ProtocolLogRequests;
import io.postern.model.MailProtocol;
import io.postern.observe.LogCapture;
import io.postern.wire.CloseReason;
import io.postern.wire.registry.SessionStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is logged, and that no session waits for it. */
@Timeout(60)
class ProtocolLogTest {
  private static final SessionStats STATS = new SessionStats(345, 6789, 2);

  @TempDir Path directory;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  /** Answers with what a test sets; concerns IMAP sessions only. */
  private static final class Requests implements ProtocolLogRequests {
    private Optional<String> user = Optional.empty();

    @Override
    public List<Request> all() {
      return List.of();
    }

    @Override
    public boolean add(Request request) {
      return false;
    }

    @Override
    public boolean remove(String id) {
      return false;
    }

    @Override
    public boolean concern(MailProtocol protocol) {
      return protocol == MailProtocol.IMAP && user.isPresent();
    }

    @Override
    public boolean concern(MailProtocol protocol, Optional<String> who, String address) {
      return concern(protocol) && who.equals(user);
    }
  }

  private final Requests requests = new Requests();

  private ProtocolLog log(Live live) {
    return new ProtocolLog(live, InstantSource.system(), requests, registry);
  }

  private Live live(String... settings) {
    var location = "mail.imap.log-file-location=" + directory.resolve("made/here");
    return new Live(
        TestSettings.of(
            Stream.concat(Stream.of(location), Stream.of(settings)).toArray(String[]::new)));
  }

  private List<String> lines() throws IOException {
    var lines = new ArrayList<String>();
    var place = directory.resolve("made/here");
    if (Files.exists(place)) {
      try (var files = Files.list(place)) {
        for (var file : files.sorted().toList()) {
          Files.readAllLines(file).stream().filter(it -> !it.startsWith("#")).forEach(lines::add);
        }
      }
    }
    return lines;
  }

  private double dropped(String reason) {
    return registry
        .get("mail.protocol.log.dropped")
        .tag("protocol", "imap")
        .tag("reason", reason)
        .counter()
        .count();
  }

  @Test
  void nothingIsLoggedByDefault() throws IOException {
    try (var log = log(live())) {
      assertThat(log.recordsCommands(MailProtocol.IMAP)).isFalse();
      assertThat(log.recordsCommands(MailProtocol.LMTP)).isFalse();
      log.opened(LoggedSessions.alice(MailProtocol.IMAP));
      log.commandRecorded(
          LoggedSessions.alice(MailProtocol.IMAP), LoggedSessions.command(1, "NOOP", "a NOOP"));
    }
    assertThat(lines()).isEmpty();
  }

  @Test
  void aSessionIsLoggedFromItsBeginningToItsEnd() throws IOException {
    try (var log = log(live("mail.imap.protocol-log-enabled=true"))) {
      assertThat(log.recordsCommands(MailProtocol.IMAP)).isTrue();
      assertThat(log.recordsCommands(MailProtocol.POP3)).isFalse();
      log.opened(LoggedSessions.session(MailProtocol.IMAP, Optional.empty()));
      var alice = LoggedSessions.alice(MailProtocol.IMAP);
      log.commandRecorded(alice, LoggedSessions.command(1, "LOGIN", "a LOGIN alice s3cret"));
      log.commandRecorded(alice, LoggedSessions.command(2, "SELECT", "b SELECT INBOX"));
      log.closed(alice, STATS, CloseReason.LOGOUT);
      log.opened(LoggedSessions.alice(MailProtocol.POP3));
    }
    assertThat(lines())
        .satisfiesExactly(
            line -> assertThat(line).endsWith(",OpenSession,,R=OK,"),
            line -> assertThat(line).contains(",alice@").endsWith(",login,*****,R=OK,"),
            line -> assertThat(line).endsWith(",14,9,select,INBOX,R=OK,"),
            line -> assertThat(line).endsWith(",345,6789,CloseSession,,R=LOGOUT,"));
  }

  @Test
  void onlyTheSessionsOfARequestAreLogged() throws IOException {
    try (var log = log(live())) {
      requests.user = Optional.of("alice@example.test");
      assertThat(log.recordsCommands(MailProtocol.IMAP)).isTrue();
      var others = LoggedSessions.session(MailProtocol.IMAP, Optional.of("bob@example.test"));
      log.commandRecorded(others, LoggedSessions.command(1, "NOOP", "a NOOP"));
      log.commandRecorded(
          LoggedSessions.session(MailProtocol.IMAP, Optional.empty()),
          LoggedSessions.command(1, "CAPABILITY", "a CAPABILITY"));
      var alice = LoggedSessions.alice(MailProtocol.IMAP);
      log.commandRecorded(alice, LoggedSessions.command(2, "CHECK", "b CHECK"));
      requests.user = Optional.empty();
      log.commandRecorded(alice, LoggedSessions.command(3, "NOOP", "c NOOP"));
    }
    assertThat(lines()).singleElement().asString().contains(",check,");
  }

  @Test
  void changedSettingsHoldForOpenSessions() throws IOException {
    var live = live();
    var alice = LoggedSessions.alice(MailProtocol.IMAP);
    try (var log = log(live)) {
      log.commandRecorded(alice, LoggedSessions.command(1, "NOOP", "a NOOP"));
      live.swap(live("mail.imap.protocol-log-enabled=true").now());
      log.commandRecorded(alice, LoggedSessions.command(2, "CHECK", "b CHECK"));
    }
    assertThat(lines()).singleElement().asString().contains(",check,");
  }

  /** Beyond the bound entries are dropped and counted; a line is written for each other one. */
  @Test
  void whatTheQueueCannotHoldIsDropped() throws IOException {
    var alice = LoggedSessions.alice(MailProtocol.IMAP);
    var longest =
        LoggedSessions.command(1, "SEARCH", "a SEARCH " + "x".repeat(RedactedCommand.MAX_LENGTH));
    int added = 0;
    try (var log = log(live("mail.imap.protocol-log-enabled=true"))) {
      while (dropped("overflow") == 0) {
        log.commandRecorded(alice, longest);
        added++;
      }
    }
    assertThat(lines()).hasSize(added - (int) dropped("overflow"));
    assertThat(dropped("failed")).isZero();
  }

  /** It is logged once, not with each of them. */
  @Test
  void linesThatCannotBeWrittenAreCounted() throws IOException {
    Files.writeString(directory.resolve("made"), "a file in place of a directory");
    try (var lines = LogCapture.listening()) {
      try (var log = log(live("mail.imap.protocol-log-enabled=true"))) {
        for (int i = 1; i <= 3; i++) {
          log.opened(LoggedSessions.alice(MailProtocol.IMAP));
          int lost = i;
          Eventually.holds("the line is counted", () -> dropped("failed") >= lost);
        }
      }
      assertThat(lines.lines())
          .filteredOn(it -> it.contains("The protocol log of imap cannot be written"))
          .hasSize(1);
    }
    assertThat(dropped("failed")).isEqualTo(3);
  }
}
