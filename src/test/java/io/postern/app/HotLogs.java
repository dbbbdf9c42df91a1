package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** The hot keys of the log: what is written of sessions that were open before the change. */
final class HotLogs {
  private static final String ON = "true";
  private static final String OFF = "false";

  private HotLogs() {}

  /** A command that can be told from all others. */
  private static String says(HotSpeech speech, Peer client, int number) throws IOException {
    var word = Integer.toString(number);
    switch (speech) {
      case IMAP -> assertThat(HotStage.ask(client, "LIST \"\" " + word)).startsWith("t OK");
      case POP3 -> assertThat(HotStage.say(client, "LIST " + word)).startsWith("-ERR");
    }
    return word;
  }

  static void commands(HotStage stage, HotSpeech speech) throws Exception {
    var key = speech.key("protocol-log-enabled");
    var user = stage.user();
    try (var output = new HotOutput();
        var client = speech.user(stage, user)) {
      var before = says(speech, client, 7_000_001);
      stage.set(key, ON);
      output.line(user, says(speech, client, 7_000_002));
      stage.set(key, OFF);
      var between = says(speech, client, 7_000_003);
      stage.set(key, ON);
      output.line(user, says(speech, client, 7_000_004));
      output.lacks(before);
      output.lacks(between);
    }
  }

  static void format(HotStage stage) throws Exception {
    var commands = HotSpeech.IMAP.key("protocol-log-enabled");
    var user = stage.user();
    try (var output = new HotOutput();
        var client = HotSpeech.IMAP.user(stage, user)) {
      stage.set(commands, ON);
      var text = output.line(user, says(HotSpeech.IMAP, client, 7_000_011));
      assertThat(text).doesNotStartWith("{").contains("session ");
      stage.set(commands, ON, "mail.log.format", "json");
      var line = output.line(user, says(HotSpeech.IMAP, client, 7_000_012));
      var json = new ObjectMapper().readTree(line);
      assertThat(json.path("event").asText()).isEqualTo("command");
      assertThat(json.path("user").asText()).isEqualTo(user);
      assertThat(text).contains(json.path("sessionId").asText());
      stage.set(commands, ON);
      var again = output.line(user, says(HotSpeech.IMAP, client, 7_000_013));
      assertThat(again).doesNotStartWith("{");
    }
  }

  static void summary(HotStage stage) throws Exception {
    var first = stage.user();
    var second = stage.user();
    var third = stage.user();
    try (var output = new HotOutput();
        var told = HotSpeech.IMAP.user(stage, first);
        var untold = HotSpeech.IMAP.user(stage, second);
        var last = HotSpeech.IMAP.user(stage, third)) {
      leaves(stage, told);
      output.line("ended: logout", first);
      stage.set("mail.log.session-summary", OFF);
      leaves(stage, untold);
      HotSpeech.IMAP.alive(last);
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
    return stage.house.components().all().stream()
        .filter(it -> it.name().equals("imap"))
        .mapToInt(it -> it.sessions())
        .sum();
  }
}
