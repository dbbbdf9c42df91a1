package io.postern.app;

import static io.postern.app.HotStage.ask;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

/**
 * The hot keys of timeouts. The least is half a minute: sessions are asked what they allow. Other
 * tests show that a session ends then.
 */
final class HotTimeouts {
  private static final int PATIENCE_MILLIS = 90_000;

  private HotTimeouts() {}

  static void imapBeforeLogin(HotStage stage) throws Exception {
    var session = new HotRecorder(stage.beans.vertx(), stage.beans.imap());
    assertThat(session.logins.getLast()).isEqualTo(Duration.ofHours(1));
    stage.set("mail.imap.pre-authenticated-connection-timeout", "PT30S");
    session.settingsChanged();
    assertThat(session.logins.getLast()).isEqualTo(Duration.ofSeconds(30));
    session.command("t LOGOUT");
  }

  static void imapAfterLogin(HotStage stage) throws Exception {
    var session = new HotRecorder(stage.beans.vertx(), stage.beans.imap());
    session.command("t LOGIN bob@example.test secret");
    var idle = new HotRecorder(stage.beans.vertx(), stage.beans.imap());
    idle.command("t LOGIN bob@example.test secret");
    var _ = idle.begin("t IDLE");
    for (var each : List.of(session, idle)) {
      assertThat(each.silences.getLast()).isEqualTo(Duration.ofHours(24));
    }
    stage.set("mail.imap.authenticated-connection-timeout", "PT30S");
    for (var each : List.of(session, idle)) {
      each.settingsChanged();
      assertThat(each.silences.getLast()).isEqualTo(Duration.ofSeconds(30));
      assertThat(each.farewell()).startsWith("* BYE No command for too long");
    }
  }

  static void imapHeartbeat(HotStage stage) throws Exception {
    try (var idle = stage.alice()) {
      idle.send("t IDLE");
      assertThat(idle.line()).startsWith("+ ");
      stage.set("mail.imap.idle-heartbeat", "PT10S");
      idle.patience(PATIENCE_MILLIS);
      assertThat(idle.line()).isEqualTo("* OK Still here.");
      idle.send("DONE");
      assertThat(idle.line()).startsWith("t OK");
      assertThat(ask(idle, "NOOP")).startsWith("t OK");
    }
  }

  static void pop3BeforeLogin(HotStage stage) throws Exception {
    var session = new HotRecorder(stage.beans.vertx(), stage.beans.pop3());
    session.command("USER alice@example.test");
    assertThat(session.logins.getLast()).isEqualTo(Duration.ofHours(1));
    stage.set("mail.pop3.pre-authenticated-connection-timeout", "PT30S");
    session.settingsChanged();
    assertThat(session.logins.getLast()).isEqualTo(Duration.ofSeconds(30));
    session.command("QUIT");
  }

  static void pop3AfterLogin(HotStage stage) throws Exception {
    var session = new HotRecorder(stage.beans.vertx(), stage.beans.pop3());
    session.command("USER bob@example.test");
    session.command("PASS secret");
    assertThat(session.silences.getLast()).isEqualTo(Duration.ofMinutes(30));
    stage.set("mail.pop3.authenticated-connection-timeout", "PT11M");
    session.settingsChanged();
    assertThat(session.silences.getLast()).isEqualTo(Duration.ofMinutes(11));
    session.command("QUIT");
  }

  /** It applies without Redis: the test reads the delay of the session's next poll. */
  static void pollInterval(HotStage stage) throws Exception {
    var session = new HotRecorder(stage.beans.vertx(), stage.beans.imap());
    session.command("t LOGIN bob@example.test secret");
    session.command("t SELECT INBOX");
    var _ = session.begin("t IDLE");
    assertThat(session.delays.getLast()).isGreaterThan(Duration.ofSeconds(50));
    stage.set("mail.push.poll-interval", "PT10S");
    session.settingsChanged();
    assertThat(session.delays.getLast()).isLessThanOrEqualTo(Duration.ofSeconds(10));
  }

  static void lmtp(HotStage stage) throws Exception {
    var session = new HotRecorder(stage.beans.vertx(), stage.beans.lmtp());
    assertThat(session.silences.getLast()).isEqualTo(Duration.ofHours(1));
    stage.set("mail.lmtp.timeout", "PT30S");
    session.settingsChanged();
    assertThat(session.silences.getLast()).isEqualTo(Duration.ofSeconds(30));
    assertThat(session.farewell()).startsWith("421 ");
  }
}
