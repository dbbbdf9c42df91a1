package io.postern.app;

import io.postern.observe.probe.HealthSet;
import java.nio.file.Files;
import java.nio.file.Path;

/** The hot keys of the probes, seen in their meter. */
final class HotProbe {
  private static final String ENABLED = "mail.probe.enabled";
  private static final String INTERVAL = "mail.probe.interval";

  private HotProbe() {}

  private static double success(HotStage stage, String protocol, HealthSet set) {
    return stage
        .beans
        .meters()
        .get("mail.probe.success")
        .tag("protocol", protocol)
        .tag("probe", set.label())
        .gauge()
        .value();
  }

  private static void eventually(HotStage stage, String protocol, HealthSet set, double value)
      throws Exception {
    HotStage.eventually(
        protocol + " " + set.label() + " is " + value,
        () -> Double.compare(success(stage, protocol, set), value) == 0);
  }

  static void enabled(HotStage stage) throws Exception {
    stage.set(ENABLED, "true", INTERVAL, "PT10S");
    eventually(stage, "imap", HealthSet.SELF_TEST, 1);
    eventually(stage, "pop3", HealthSet.SELF_TEST, 1);
    eventually(stage, "imap", HealthSet.DEEP_TEST, Double.NaN);
    stage.set();
    eventually(stage, "imap", HealthSet.SELF_TEST, Double.NaN);
  }

  static void user(HotStage stage) throws Exception {
    logsIn(stage, "secret", 1);
  }

  static void passwordFile(HotStage stage) throws Exception {
    logsIn(stage, "no password of theirs", 0);
  }

  private static void logsIn(HotStage stage, String password, double success) throws Exception {
    Path file = Files.writeString(Files.createTempFile("probe", ".txt"), password + "\n");
    try {
      stage.set(
          ENABLED,
          "true",
          INTERVAL,
          "PT10S",
          "mail.probe.user",
          stage.user(),
          "mail.probe.password-file",
          file.toString(),
          "mail.guard.enabled",
          "false");
      eventually(stage, "imap", HealthSet.DEEP_TEST, success);
      eventually(stage, "imap", HealthSet.CTP, success);
      eventually(stage, "pop3", HealthSet.CTP, success);
    } finally {
      stage.set();
      Files.delete(file);
    }
  }
}
