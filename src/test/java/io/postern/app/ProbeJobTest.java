package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postern.config.Live;
import io.postern.config.LiveSettings;
import io.postern.config.TestSettings;
import io.postern.model.MailProtocol;
import io.postern.observe.probe.HealthSet;
import io.postern.observe.probe.ProbeResults;
import io.postern.probe.ConnectivityTests;
import io.postern.probe.Targets.Target;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When the own listeners are probed. */
class ProbeJobTest {
  private final List<Target> targets = new ArrayList<>();
  private final Live live = new Live(settings());
  private final ProbeResults results = new ProbeResults(live, new SimpleMeterRegistry());
  private Instant now = Instant.parse("2026-11-30T12:00:00Z");
  private int lookups;
  private final ProbeJob job =
      new ProbeJob(new ConnectivityTests(this::targets), results, live, () -> now);

  private static LiveSettings settings(String... more) {
    return TestSettings.of(Stream.of(more).map(it -> "mail.probe." + it).toArray(String[]::new));
  }

  private List<Target> targets(MailProtocol protocol) {
    lookups++;
    return List.copyOf(targets);
  }

  private boolean probesAfter(Duration time) {
    int before = lookups;
    now = now.plus(time);
    job.probe();
    return lookups > before;
  }

  @Test
  void nothingIsProbedByDefault() {
    assertThat(probesAfter(Duration.ofHours(1))).isFalse();
    assertThat(results.last(MailProtocol.IMAP, HealthSet.SELF_TEST)).isEmpty();
  }

  @Test
  void aChangedIntervalHoldsForTheNextProbe() {
    live.swap(settings("enabled=true", "interval=PT1M"));
    assertThat(probesAfter(Duration.ZERO)).isTrue();
    assertThat(probesAfter(Duration.ofMillis(59_999))).isFalse();
    assertThat(probesAfter(Duration.ofMillis(1))).isTrue();
    live.swap(settings("enabled=true", "interval=PT10S"));
    assertThat(probesAfter(Duration.ofSeconds(60))).isTrue();
    assertThat(probesAfter(Duration.ofMillis(9_999))).isFalse();
    assertThat(probesAfter(Duration.ofMillis(1))).isTrue();
  }

  @Test
  void aServiceWithoutListenersIsNotProbed() {
    live.swap(settings("enabled=true"));
    job.probe();
    var result = results.last(MailProtocol.POP3, HealthSet.CTP).orElseThrow();
    assertThat(result.made()).isFalse();
    assertThat(result.failed()).isFalse();
    assertThat(result.error()).contains("there is no such listener");
  }

  @Test
  void aSilentListenerFailsAfterTheTimeout() throws Exception {
    try (var silent = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      targets.add(new Target("127.0.0.1", silent.getLocalPort(), false));
      live.swap(settings("enabled=true", "timeout=PT1S"));
      job.probe();
    }
    var result = results.last(MailProtocol.IMAP, HealthSet.SELF_TEST).orElseThrow();
    assertThat(result.failed()).isTrue();
    assertThat(result.error()).contains("greeting: the server did not answer in time");
  }

  @Test
  void aPasswordFileThatIsMissingIsAFailure() {
    targets.add(new Target("127.0.0.1", 1, true));
    live.swap(settings("enabled=true", "user=probe@example.test", "password-file=/no/such/file"));
    job.probe();
    var result = results.last(MailProtocol.IMAP, HealthSet.CTP).orElseThrow();
    assertThat(result.failed()).isTrue();
    assertThat(result.error().orElse("")).startsWith("mail.probe.password-file cannot be read");
  }
}
