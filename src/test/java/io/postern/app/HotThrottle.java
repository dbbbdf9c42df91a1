package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.util.stream.Stream;

/**
 * The hot keys of the throttle. The scenarios check the wait that the server reports that it
 * imposes, and that the client had to wait for so long indeed; how much longer it waited is the
 * machine's affair.
 */
final class HotThrottle {
  /** Milliseconds that a command waits at most, and that all of them have waited when it shows. */
  private static final String LONGEST = "500";

  private static final double SHOWS = 0.5;
  private static final int COMMANDS = 5_000;
  private static final String A_DAY = "86400000";

  private HotThrottle() {}

  static void maxBurst(HotStage stage, HotMailProtocol protocol) throws Exception {
    try (var client = protocol.user(stage, stage.user())) {
      set(stage, protocol, A_DAY, "1000", "1", LONGEST);
      free(stage, protocol, client);
      set(stage, protocol, "0", "1000", "1", LONGEST);
      waits(stage, protocol, client);
    }
  }

  /** In debt to the limit, which is a millisecond: it is paid back in an hour, or at once. */
  static void rechargeRate(HotStage stage, HotMailProtocol protocol) throws Exception {
    try (var client = protocol.user(stage, stage.user())) {
      set(stage, protocol, "0", "1000", "1", LONGEST);
      waits(stage, protocol, client);
      set(stage, protocol, A_DAY, "1000", "1", LONGEST);
      waits(stage, protocol, client);
      set(stage, protocol, A_DAY, "360000000", "1", LONGEST);
      free(stage, protocol, client);
    }
  }

  static void cutoffBalance(HotStage stage, HotMailProtocol protocol) throws Exception {
    try (var client = protocol.user(stage, stage.user())) {
      set(stage, protocol, "0", "1000", A_DAY, LONGEST);
      free(stage, protocol, client);
      set(stage, protocol, "0", "1000", "1", LONGEST);
      waits(stage, protocol, client);
    }
  }

  static void longestWait(HotStage stage, HotMailProtocol protocol) throws Exception {
    try (var client = protocol.user(stage, stage.user())) {
      set(stage, protocol, "0", "1000", "1", "0");
      free(stage, protocol, client);
      set(stage, protocol, "0", "1000", "1", LONGEST);
      waits(stage, protocol, client);
    }
  }

  private static void set(
      HotStage stage,
      HotMailProtocol protocol,
      String burst,
      String rate,
      String cutoff,
      String longest)
      throws Exception {
    stage.set(
        protocol.key("throttle.max-burst"), burst,
        protocol.key("throttle.recharge-rate"), rate,
        protocol.key("throttle.cutoff-balance"), cutoff,
        protocol.key("throttle.longest-wait"), longest);
  }

  /** Commands that do not wait. */
  private static void free(HotStage stage, HotMailProtocol protocol, Peer client)
      throws IOException {
    // What waits since the settings before, does.
    protocol.alive(client);
    double before = imposed(stage, protocol);
    for (int i = 0; i < 5; i++) {
      protocol.alive(client);
    }
    assertThat(imposed(stage, protocol)).isEqualTo(before);
  }

  /** Commands that are throttled: each takes at least the wait reported for the one before. */
  private static void waits(HotStage stage, HotMailProtocol protocol, Peer client)
      throws IOException {
    double before = imposed(stage, protocol);
    double reported = before;
    long began = System.nanoTime();
    for (int i = 0; reported < before + SHOWS; i++) {
      assertThat(i).as("commands that hardly wait").isLessThan(COMMANDS);
      reported = imposed(stage, protocol);
      protocol.alive(client);
    }
    double waited = (System.nanoTime() - began) / 1e9;
    assertThat(waited).isGreaterThanOrEqualTo((reported - before) * 0.9);
  }

  /** Seconds that commands of the protocol were made to wait so far. */
  private static double imposed(HotStage stage, HotMailProtocol protocol) {
    return Stream.ofNullable(
            stage.beans.meters().find("mail.throttled").tag("protocol", protocol.named()).counter())
        .mapToDouble(Counter::count)
        .sum();
  }
}
