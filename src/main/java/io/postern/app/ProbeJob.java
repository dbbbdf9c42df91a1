package io.postern.app;

import io.postern.config.Live;
import io.postern.config.area.ProbeSettings;
import io.postern.model.MailProtocol;
import io.postern.observe.probe.HealthSet;
import io.postern.observe.probe.ProbeResults;
import io.postern.observe.probe.ProbeResults.ProbeResult;
import io.postern.probe.ConnectivityTest;
import io.postern.probe.ConnectivityTest.CertificateCheck;
import io.postern.probe.ConnectivityTest.Credential;
import io.postern.probe.ConnectivityTest.Depth;
import io.postern.probe.ConnectivityTest.Encryption;
import io.postern.probe.ConnectivityTests;
import io.postern.probe.Targets.Target;
import io.postern.store.account.Secret;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Probes the own listeners while the settings ask for it. The certificate is not verified: it names
 * the service, not the loopback interface; its expiry has a meter of its own.
 */
@Singleton
class ProbeJob {
  private static final Logger LOG = System.getLogger(ProbeJob.class.getName());

  private final ConnectivityTests tests;
  private final ProbeResults results;
  private final Live live;
  private final InstantSource clock;

  /** Used by one execution at a time. */
  private volatile Instant next = Instant.MIN;

  ProbeJob(ConnectivityTests tests, ProbeResults results, Live live, InstantSource clock) {
    this.tests = tests;
    this.results = results;
    this.live = live;
    this.clock = clock;
  }

  /** Blocks while it probes, on a worker. */
  @Scheduled(
      every = "1s",
      delayed = "1s",
      concurrentExecution = ConcurrentExecution.SKIP,
      identity = "probes")
  void probe() {
    var settings = live.now().probe();
    var now = clock.instant();
    if (!settings.enabled() || now.isBefore(next)) {
      return;
    }
    next = now.plus(settings.interval());
    for (var protocol : ProbeResults.PROTOCOLS) {
      selfTest(protocol, settings);
      logonTest(protocol, HealthSet.DEEP_TEST, false, settings);
      logonTest(protocol, HealthSet.CTP, true, settings);
    }
  }

  private void selfTest(MailProtocol protocol, ProbeSettings settings) {
    var targets = tests.targets().of(protocol);
    if (targets.isEmpty()) {
      record(protocol, HealthSet.SELF_TEST, notMade("the service is not enabled"));
      return;
    }
    var all =
        targets.stream()
            .map(target -> made(test(protocol, target, Depth.GREETING, Optional.empty(), settings)))
            .toList();
    record(
        protocol,
        HealthSet.SELF_TEST,
        all.stream().filter(ProbeResult::failed).findFirst().orElse(all.getLast()));
  }

  private void logonTest(
      MailProtocol protocol, HealthSet set, boolean implicitTls, ProbeSettings settings) {
    var target =
        tests.targets().of(protocol).stream()
            .filter(it -> it.implicitTls() == implicitTls)
            .findFirst();
    if (target.isEmpty() || settings.user().isEmpty()) {
      var why = target.isEmpty() ? "there is no such listener" : "mail.probe.user is not set";
      record(protocol, set, notMade(why));
      return;
    }
    try {
      var credential = credential(settings);
      record(protocol, set, made(test(protocol, target.get(), Depth.READ, credential, settings)));
    } catch (IOException e) {
      var why = "mail.probe.password-file cannot be read: " + e.getMessage();
      record(
          protocol, set, new ProbeResult(true, Optional.of(why), Duration.ZERO, clock.instant()));
    }
  }

  private static Optional<Credential> credential(ProbeSettings settings) throws IOException {
    var password = Files.readString(Path.of(settings.passwordFile().orElseThrow())).strip();
    return settings.user().map(user -> new Credential(user, new Secret(password)));
  }

  private static ConnectivityTest test(
      MailProtocol protocol,
      Target target,
      Depth depth,
      Optional<Credential> credential,
      ProbeSettings settings) {
    return new ConnectivityTest(
        protocol,
        target,
        target.implicitTls() ? Encryption.SSL : Encryption.TLS_IF_ANNOUNCED,
        depth,
        CertificateCheck.NONE,
        credential,
        settings.timeout(),
        settings.timeout());
  }

  private ProbeResult made(ConnectivityTest test) {
    var result = tests.run(test);
    return new ProbeResult(true, result.error(), result.latency(), clock.instant());
  }

  private ProbeResult notMade(String why) {
    return new ProbeResult(false, Optional.of(why), Duration.ZERO, clock.instant());
  }

  private void record(MailProtocol protocol, HealthSet set, ProbeResult result) {
    boolean failedBefore = results.last(protocol, set).filter(ProbeResult::failed).isPresent();
    results.record(protocol, set, result);
    if (result.failed() != failedBefore) {
      LOG.log(
          result.failed() ? Level.WARNING : Level.INFO,
          "The probe {0} of {1} {2}",
          set.label(),
          protocol.label(),
          result.failed() ? "fails: " + result.error().orElse("") : "succeeds again");
    }
  }
}
