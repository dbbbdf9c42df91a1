package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** The hot keys of the log: what is written of sessions that were open before the change. */
final class HotLogs {
  private static final String ON = "true";
  private static final String OFF = "false";

  private HotLogs() {}

  /** A command with a unique tag. */
  private static String says(HotMailProtocol protocol, Peer client, int number) throws IOException {
    var word = Integer.toString(number);
    switch (protocol) {
      case IMAP -> assertThat(HotStage.ask(client, "LIST \"\" " + word)).startsWith("t OK");
      case POP3 -> assertThat(HotStage.say(client, "LIST " + word)).startsWith("-ERR");
    }
    return word;
  }

  static void commands(HotStage stage, HotMailProtocol protocol) throws Exception {
    var key = protocol.key("protocol-log-enabled");
    var user = stage.user();
    try (var output = new HotOutput();
        var client = protocol.user(stage, user)) {
      var before = says(protocol, client, 7_000_001);
      stage.set(key, ON);
      output.line(user, says(protocol, client, 7_000_002));
      stage.set(key, OFF);
      var between = says(protocol, client, 7_000_003);
      stage.set(key, ON);
      output.line(user, says(protocol, client, 7_000_004));
      output.lacks(before);
      output.lacks(between);
    }
  }

  static void format(HotStage stage) throws Exception {
    var commands = HotMailProtocol.IMAP.key("protocol-log-enabled");
    var user = stage.user();
    try (var output = new HotOutput();
        var client = HotMailProtocol.IMAP.user(stage, user)) {
      stage.set(commands, ON);
      var text = output.line(user, says(HotMailProtocol.IMAP, client, 7_000_011));
      assertThat(text).doesNotStartWith("{").contains("session ");
      stage.set(commands, ON, "mail.log.format", "json");
      var line = output.line(user, says(HotMailProtocol.IMAP, client, 7_000_012));
      var json = new ObjectMapper().readTree(line);
      assertThat(json.path("event").asText()).isEqualTo("command");
      assertThat(json.path("user").asText()).isEqualTo(user);
      assertThat(text).contains(json.path("sessionId").asText());
      stage.set(commands, ON);
      var again = output.line(user, says(HotMailProtocol.IMAP, client, 7_000_013));
      assertThat(again).doesNotStartWith("{");
    }
  }

  static void summary(HotStage stage) throws Exception {
    var first = stage.user();
    var second = stage.user();
    var third = stage.user();
    try (var output = new HotOutput();
        var logged = HotMailProtocol.IMAP.user(stage, first);
        var unlogged = HotMailProtocol.IMAP.user(stage, second);
        var last = HotMailProtocol.IMAP.user(stage, third)) {
      leaves(stage, logged);
      output.line("ended: logout", first);
      stage.set("mail.log.session-summary", OFF);
      leaves(stage, unlogged);
      HotMailProtocol.IMAP.alive(last);
      stage.set();
      leaves(stage, last);
      output.line("ended: logout", third);
      output.lacks("ended", second);
    }
  }

  /** Logs out, and the server has noted it. */
  private static void leaves(HotStage stage, Peer client) throws Exception {
    int before = sessions(stage);
    assertThat(HotStage.ask(client, "LOGOUT")).startsWith("t OK");
    client.ended();
    HotStage.eventually("the session is gone", () -> sessions(stage) < before);
  }

  private static int sessions(HotStage stage) {
    return stage.beans.components().all().stream()
        .filter(it -> it.name().equals("imap"))
        .mapToInt(it -> it.sessions())
        .sum();
  }
}
