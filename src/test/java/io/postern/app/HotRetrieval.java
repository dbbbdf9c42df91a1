package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** The hot keys of what messages are shown as. A new session is shown them as they say then. */
final class HotRetrieval {
  private static final String CALENDAR = ".calendar-item-retrieval-option";

  private static final String MESSAGE =
      """
      Subject: a
      Return-Receipt-To: a@example.test
      Content-Type: text/calendar

      BEGIN:VEVENT
      SUMMARY:Plans
      END:VEVENT
      """
          .replace("\n", "\r\n");

  private HotRetrieval() {}

  /** The header of a message, as a new session is shown it. */
  private static String header(HotStage stage, HotMailProtocol protocol, String user)
      throws IOException {
    try (var client = protocol.user(stage, user)) {
      return switch (protocol) {
        case IMAP -> {
          client.command("EXAMINE INBOX");
          yield client.command("FETCH 1 BODY.PEEK[HEADER]");
        }
        case POP3 -> {
          var top = HotStage.lines(client, "TOP 1 0");
          assertThat(HotStage.say(client, "QUIT")).startsWith("+OK");
          yield top;
        }
      };
    }
  }

  private static String userWithMail(HotStage stage) throws Exception {
    stage.set();
    var user = stage.user();
    try (var client = HotMailProtocol.IMAP.user(stage, user)) {
      client.command("APPEND INBOX {" + MESSAGE.length() + "+}\r\n" + MESSAGE);
    }
    return user;
  }

  private static void shown(HotMailProtocol protocol, HotStage stage, String type, String... keys)
      throws Exception {
    var user = userWithMail(stage);
    assertThat(header(stage, protocol, user)).contains("text/calendar");
    stage.set(keys);
    assertThat(header(stage, protocol, user)).contains(type);
  }

  static HotScenario mimeFormat(HotMailProtocol protocol) {
    return stage ->
        shown(
            protocol,
            stage,
            "multipart/alternative",
            protocol.key("message-retrieval-mime-format"),
            "text-only");
  }

  static HotScenario calendar(HotMailProtocol protocol) {
    return stage ->
        shown(
            protocol,
            stage,
            "text/plain",
            "mail." + protocol.named() + CALENDAR,
            "internet-url",
            protocol.key("external-connection-settings"),
            "mail.example.test:993:SSL");
  }

  static HotScenario owaServerUrl(HotMailProtocol protocol) {
    return stage ->
        shown(
            protocol,
            stage,
            "text/plain",
            "mail." + protocol.named() + CALENDAR,
            "custom",
            protocol.key("owa-server-url"),
            "https://owa.example.test/owa/");
  }

  static HotScenario suppressReadReceipt(HotMailProtocol protocol) {
    return stage -> {
      var user = userWithMail(stage);
      assertThat(header(stage, protocol, user)).contains("Return-Receipt-To");
      stage.set(protocol.key("suppress-read-receipt"), "true");
      assertThat(header(stage, protocol, user)).doesNotContain("Return-Receipt-To");
    };
  }
}
