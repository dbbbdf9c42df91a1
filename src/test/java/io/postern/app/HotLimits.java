package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The hot keys of connection limits. Each limit is set below the number of open sessions: an open
 * one stays, the next one is refused.
 */
final class HotLimits {
  private static final String FULL = "Too many connections";
  private static final String ONE = "1";

  private HotLimits() {}

  /** The scenario in this protocol. */
  @FunctionalInterface
  interface ProtocolScenario {
    void play(HotStage stage, HotMailProtocol protocol) throws Exception;
  }

  static HotScenario imap(ProtocolScenario scenario) {
    return stage -> scenario.play(stage, HotMailProtocol.IMAP);
  }

  static HotScenario pop3(ProtocolScenario scenario) {
    return stage -> scenario.play(stage, HotMailProtocol.POP3);
  }

  static void connections(HotStage stage, HotMailProtocol protocol) throws Exception {
    try (var open = protocol.user(stage, stage.user());
        var before = protocol.guest(stage)) {
      stage.set(protocol.key("max-connections"), ONE);
      try (var next = protocol.connection(stage)) {
        assertThat(next.line()).startsWith(protocol.farewell).contains(FULL);
      }
      protocol.alive(open);
      protocol.alive(before);
      stage.set();
      protocol.guest(stage).close();
      protocol.alive(open);
    }
  }

  static void ofOneAddress(HotStage stage, HotMailProtocol protocol) throws Exception {
    var address = "192.0.2.10";
    try (var open = protocol.connectFrom(stage, address);
        var before = protocol.connectFrom(stage, address)) {
      stage.set(protocol.key("max-connection-from-single-ip"), ONE);
      try (var next = stage.balanced(protocol.protocol(), address);
          var other = protocol.connectFrom(stage, "192.0.2.11")) {
        assertThat(next.line()).startsWith(protocol.farewell).contains(FULL).contains("address");
        protocol.alive(other);
      }
      protocol.alive(open);
      protocol.alive(before);
      stage.set();
      protocol.connectFrom(stage, address).close();
    }
  }

  static void ofOneUser(HotStage stage, HotMailProtocol protocol) throws Exception {
    var user = stage.user();
    try (var open = protocol.user(stage, user);
        var next = protocol.guest(stage);
        var other = protocol.guest(stage)) {
      stage.set(protocol.key("max-connections-per-user"), ONE);
      assertThat(protocol.tries(next, user)).contains("There are too many connections already");
      protocol.enters(other, stage.user());
      protocol.alive(open);
      stage.set();
      // POP3 has another reason not to let two in.
      assertThat(protocol.tries(next, user)).doesNotContain("too many connections");
      protocol.alive(open);
    }
  }

  static void strangers(HotStage stage, HotMailProtocol protocol) throws Exception {
    var user = stage.user();
    try (var open = protocol.user(stage, stage.user());
        var unauthenticated = protocol.guest(stage)) {
      stage.set(protocol.key("max-pre-authenticated-connections"), ONE);
      try (var next = protocol.connection(stage)) {
        assertThat(next.line()).startsWith(protocol.farewell).contains(FULL);
      }
      protocol.alive(open);
      protocol.enters(unauthenticated, user);
      // Those that scenarios before this one left behind may still be on their way out.
      HotStage.eventually("room for an unauthenticated client", () -> isGreeted(stage, protocol));
      protocol.alive(unauthenticated);
    }
  }

  static void unauthenticatedOfOneAddress(HotStage stage, HotMailProtocol protocol)
      throws Exception {
    var address = "192.0.2.20";
    try (var open = protocol.connectFrom(stage, address)) {
      stage.set(protocol.key("max-pre-authenticated-connections-from-single-ip"), ONE);
      try (var next = stage.balanced(protocol.protocol(), address);
          var other = protocol.connectFrom(stage, "192.0.2.21")) {
        assertThat(next.line()).startsWith(protocol.farewell).contains(FULL).contains("address");
        protocol.alive(other);
      }
      protocol.alive(open);
      stage.set();
      protocol.connectFrom(stage, address).close();
    }
  }

  private static boolean isGreeted(HotStage stage, HotMailProtocol protocol) throws Exception {
    try (var next = protocol.connection(stage)) {
      return next.line().startsWith(protocol.greeting);
    }
  }

  /** A silent session of the user's makes room; another user's does not. */
  static void eviction(HotStage stage, HotMailProtocol protocol) throws Exception {
    var user = stage.user();
    var most = protocol.key("max-connections-per-user");
    try (var silent = protocol.user(stage, user);
        var bystander = protocol.user(stage, stage.user());
        var next = protocol.guest(stage)) {
      stage.set(most, ONE);
      assertThat(protocol.tries(next, user)).contains("There are too many connections already");
      protocol.alive(silent);
      stage.set(most, ONE, protocol.key("displace-silent-after"), "PT0.001S");
      // The maildrop is given up a moment after its session has ended.
      HotStage.eventually(
          "room for the new session", () -> protocol.tries(next, user).startsWith(protocol.done));
      assertThat(silent.line()).startsWith(protocol.farewell).contains("A newer session");
      protocol.alive(next);
      protocol.alive(bystander);
    }
  }
}
