package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.util.stream.Stream;

/**
 * The hot keys of how greedy users may be. What is looked at is the wait that the server says it
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

  static void maxBurst(HotStage stage, HotSpeech speech) throws Exception {
    try (var client = speech.user(stage, stage.user())) {
      set(stage, speech, A_DAY, "1000", "1", LONGEST);
      free(stage, speech, client);
      set(stage, speech, "0", "1000", "1", LONGEST);
      waits(stage, speech, client);
    }
  }

  /** In debt to the limit, which is a millisecond: it is paid back in an hour, or at once. */
  static void rechargeRate(HotStage stage, HotSpeech speech) throws Exception {
    try (var client = speech.user(stage, stage.user())) {
      set(stage, speech, "0", "1000", "1", LONGEST);
      waits(stage, speech, client);
      set(stage, speech, A_DAY, "1000", "1", LONGEST);
      waits(stage, speech, client);
      set(stage, speech, A_DAY, "360000000", "1", LONGEST);
      free(stage, speech, client);
    }
  }

  static void cutoffBalance(HotStage stage, HotSpeech speech) throws Exception {
    try (var client = speech.user(stage, stage.user())) {
      set(stage, speech, "0", "1000", A_DAY, LONGEST);
      free(stage, speech, client);
      set(stage, speech, "0", "1000", "1", LONGEST);
      waits(stage, speech, client);
    }
  }

  static void longestWait(HotStage stage, HotSpeech speech) throws Exception {
    try (var client = speech.user(stage, stage.user())) {
      set(stage, speech, "0", "1000", "1", "0");
      free(stage, speech, client);
      set(stage, speech, "0", "1000", "1", LONGEST);
      waits(stage, speech, client);
    }
  }

  private static void set(
      HotStage stage, HotSpeech speech, String burst, String rate, String cutoff, String longest)
      throws Exception {
    stage.set(
        speech.key("throttle.max-burst"), burst,
        speech.key("throttle.recharge-rate"), rate,
        speech.key("throttle.cutoff-balance"), cutoff,
        speech.key("throttle.longest-wait"), longest);
  }

  /** Commands that do not wait. */
  private static void free(HotStage stage, HotSpeech speech, Peer client) throws IOException {
    // What waits since the settings before, does.
    speech.alive(client);
    double before = imposed(stage, speech);
    for (int i = 0; i < 5; i++) {
      speech.alive(client);
    }
    assertThat(imposed(stage, speech)).isEqualTo(before);
  }

  /** Commands that do: the next one takes no less than what the one before it was told. */
  private static void waits(HotStage stage, HotSpeech speech, Peer client) throws IOException {
    double before = imposed(stage, speech);
    double told = before;
    long began = System.nanoTime();
    for (int i = 0; told < before + SHOWS; i++) {
      assertThat(i).as("commands that hardly wait").isLessThan(COMMANDS);
      told = imposed(stage, speech);
      speech.alive(client);
    }
    double waited = (System.nanoTime() - began) / 1e9;
    assertThat(waited).isGreaterThanOrEqualTo((told - before) * 0.9);
  }

  /** Seconds that commands of the protocol were made to wait so far. */
  private static double imposed(HotStage stage, HotSpeech speech) {
    return Stream.ofNullable(
            stage.house.meters().find("mail.throttled").tag("protocol", speech.named()).counter())
        .mapToDouble(Counter::count)
        .sum();
  }
}
