package io.postern.app;

import static io.postern.app.HotStage.ask;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.observe.trace.Collector;

/** The hot keys of traces, seen by collectors of the test's own. */
final class HotTraces {
  private static final String ENABLED = "mail.trace.enabled";
  private static final String ENDPOINT = "mail.trace.endpoint";

  private HotTraces() {}

  static void enabled(HotStage stage) throws Exception {
    try (var collector = new Collector();
        var client = stage.imap()) {
      stage.set(ENDPOINT, collector.endpoint());
      assertThat(ask(client, "NOOP")).startsWith("t OK");
      stage.set(ENDPOINT, collector.endpoint(), ENABLED, "true");
      assertThat(ask(client, "CAPABILITY")).startsWith("t OK");
      assertThat(sent(collector)).contains("imap CAPABILITY").doesNotContain("imap NOOP");
    }
  }

  static void endpoint(HotStage stage) throws Exception {
    try (var one = new Collector();
        var other = new Collector();
        var client = stage.imap()) {
      stage.set(ENDPOINT, one.endpoint(), ENABLED, "true");
      assertThat(ask(client, "NOOP")).startsWith("t OK");
      assertThat(sent(one)).contains("imap NOOP");
      stage.set(ENDPOINT, other.endpoint(), ENABLED, "true");
      assertThat(ask(client, "CAPABILITY")).startsWith("t OK");
      assertThat(sent(other)).contains("imap CAPABILITY");
    }
  }

  /** Of two sessions that came one after the other one is traced; what waits is sent at the end. */
  static void oneSessionIn(HotStage stage) throws Exception {
    try (var collector = new Collector();
        var one = stage.imap();
        var other = stage.imap()) {
      stage.set(ENDPOINT, collector.endpoint(), ENABLED, "true", "mail.trace.one-session-in", "2");
      assertThat(ask(one, "NOOP")).startsWith("t OK");
      assertThat(ask(other, "CAPABILITY")).startsWith("t OK");
      stage.set();
      var sent = sent(collector);
      assertThat(sent.contains("imap NOOP")).isNotEqualTo(sent.contains("imap CAPABILITY"));
    }
  }

  private static String sent(Collector collector) throws InterruptedException {
    var body = collector.bodies.poll(60, SECONDS);
    assertThat(body).isNotNull();
    return String.valueOf(body);
  }
}
