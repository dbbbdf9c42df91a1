package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The hot keys of how many may come in. Each limit is set below what is open already: who is in
 * stays, the next one is refused.
 */
final class HotLimits {
  private static final String FULL = "Too many connections";
  private static final String ONE = "1";

  private HotLimits() {}

  /** The scenario in this protocol. */
  @FunctionalInterface
  interface Spoken {
    void play(HotStage stage, HotSpeech speech) throws Exception;
  }

  static HotScenario imap(Spoken scenario) {
    return stage -> scenario.play(stage, HotSpeech.IMAP);
  }

  static HotScenario pop3(Spoken scenario) {
    return stage -> scenario.play(stage, HotSpeech.POP3);
  }

  static void connections(HotStage stage, HotSpeech speech) throws Exception {
    try (var open = speech.user(stage, stage.user());
        var before = speech.guest(stage)) {
      stage.set(speech.key("max-connections"), ONE);
      try (var next = speech.connection(stage)) {
        assertThat(next.line()).startsWith(speech.farewell).contains(FULL);
      }
      speech.alive(open);
      speech.alive(before);
      stage.set();
      speech.guest(stage).close();
      speech.alive(open);
    }
  }

  static void ofOneAddress(HotStage stage, HotSpeech speech) throws Exception {
    var address = "192.0.2.10";
    try (var open = speech.guestFrom(stage, address);
        var before = speech.guestFrom(stage, address)) {
      stage.set(speech.key("max-connection-from-single-ip"), ONE);
      try (var next = stage.balanced(speech.protocol(), address);
          var other = speech.guestFrom(stage, "192.0.2.11")) {
        assertThat(next.line()).startsWith(speech.farewell).contains(FULL).contains("address");
        speech.alive(other);
      }
      speech.alive(open);
      speech.alive(before);
      stage.set();
      speech.guestFrom(stage, address).close();
    }
  }

  static void ofOneUser(HotStage stage, HotSpeech speech) throws Exception {
    var user = stage.user();
    try (var open = speech.user(stage, user);
        var next = speech.guest(stage);
        var other = speech.guest(stage)) {
      stage.set(speech.key("max-connections-per-user"), ONE);
      assertThat(speech.tries(next, user)).contains("There are too many connections already");
      speech.enters(other, stage.user());
      speech.alive(open);
      stage.set();
      // POP3 has another reason not to let two in.
      assertThat(speech.tries(next, user)).doesNotContain("too many connections");
      speech.alive(open);
    }
  }

  static void strangers(HotStage stage, HotSpeech speech) throws Exception {
    var user = stage.user();
    try (var open = speech.user(stage, stage.user());
        var stranger = speech.guest(stage)) {
      stage.set(speech.key("max-pre-authenticated-connections"), ONE);
      try (var next = speech.connection(stage)) {
        assertThat(next.line()).startsWith(speech.farewell).contains(FULL);
      }
      speech.alive(open);
      speech.enters(stranger, user);
      // Those that scenarios before this one left behind may still be on their way out.
      HotStage.eventually("room for a stranger", () -> isGreeted(stage, speech));
      speech.alive(stranger);
    }
  }

  static void strangersOfOneAddress(HotStage stage, HotSpeech speech) throws Exception {
    var address = "192.0.2.20";
    try (var open = speech.guestFrom(stage, address)) {
      stage.set(speech.key("max-pre-authenticated-connections-from-single-ip"), ONE);
      try (var next = stage.balanced(speech.protocol(), address);
          var other = speech.guestFrom(stage, "192.0.2.21")) {
        assertThat(next.line()).startsWith(speech.farewell).contains(FULL).contains("address");
        speech.alive(other);
      }
      speech.alive(open);
      stage.set();
      speech.guestFrom(stage, address).close();
    }
  }

  private static boolean isGreeted(HotStage stage, HotSpeech speech) throws Exception {
    try (var next = speech.connection(stage)) {
      return next.line().startsWith(speech.greeting);
    }
  }

  /** A silent session of the user's makes room; another user's does not. */
  static void displacing(HotStage stage, HotSpeech speech) throws Exception {
    var user = stage.user();
    var most = speech.key("max-connections-per-user");
    try (var silent = speech.user(stage, user);
        var bystander = speech.user(stage, stage.user());
        var next = speech.guest(stage)) {
      stage.set(most, ONE);
      assertThat(speech.tries(next, user)).contains("There are too many connections already");
      speech.alive(silent);
      stage.set(most, ONE, speech.key("displace-silent-after"), "PT0.001S");
      // The maildrop is given up a moment after its session has ended.
      HotStage.eventually(
          "room for the new session", () -> speech.tries(next, user).startsWith(speech.done));
      assertThat(silent.line()).startsWith(speech.farewell).contains("A newer session");
      speech.alive(next);
      speech.alive(bystander);
    }
  }
}
