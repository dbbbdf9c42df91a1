package io.postern.observe.trace;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.model.MailProtocol;
import io.postern.wire.CloseReason;
import io.postern.wire.Request;
import io.postern.wire.registry.CommandRecord;
import io.postern.wire.registry.SessionInfo;
import io.postern.wire.registry.SessionStats;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The attributes of a span, the commands that have one, and the cost when traces are off. */
class TracesIT {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.000000006Z");
  private static final SessionInfo FIRST = session("00f1e2d3c4b5a696");
  private static final SessionInfo SECOND = session("00f1e2d3c4b5a697");
  private static final SessionStats STATS = new SessionStats(345, 6789, 12);

  private final Live live = new Live(TestSettings.of());
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final SpanCounts counts = SpanCounts.in(registry);
  private final List<SpanData> spans = new CopyOnWriteArrayList<>();
  private final List<String> collectors = new ArrayList<>();
  private final Traces traces =
      new Traces(
          live,
          InstantSource.fixed(NOW),
          new Traces.Origin("postern", "1.0.0", "node-1"),
          endpoint -> {
            collectors.add(endpoint);
            return new Kept(spans, true);
          },
          counts);

  private record Kept(List<SpanData> spans, boolean taken) implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> batch) {
      spans.addAll(batch);
      return taken ? CompletableResultCode.ofSuccess() : CompletableResultCode.ofFailure();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  private static SessionInfo session(String id) {
    return new SessionInfo(
        id,
        MailProtocol.IMAP,
        SocketAddress.inetSocketAddress(50123, "192.0.2.7"),
        SocketAddress.inetSocketAddress(993, "192.0.2.1"),
        true,
        NOW.minusSeconds(60),
        Optional.of("alice@example.test"),
        Optional.of("Some Client 1.0"),
        Optional.empty());
  }

  private static CommandRecord ran(String command, String outcome, String line) {
    var request = new Request(List.of(Buffer.buffer(line)), List.of());
    return new CommandRecord(7, command, outcome, request, Duration.ofMillis(20).toNanos(), 99);
  }

  private void set(String... settings) {
    live.swap(TestSettings.of(settings));
  }

  /** All spans so far, by name; whatever waits is sent. */
  private List<String> names() {
    traces.close();
    return spans.stream().map(SpanData::getName).sorted().toList();
  }

  @Test
  void aCommandIsASpanLinkedToItsSession() {
    set("mail.trace.enabled=true");
    traces.opened(FIRST);
    traces.commandRecorded(FIRST, ran("UID FETCH", "ok", "a UID FETCH 1 (FLAGS)"));
    traces.closed(FIRST, STATS, CloseReason.LOGOUT);
    assertThat(names()).containsExactly("imap UID FETCH", "imap session");

    var command = spans.getFirst();
    var session = spans.getLast();
    assertThat(command.getParentSpanContext().isValid()).isFalse();
    assertThat(command.getTraceId()).isNotEqualTo(session.getTraceId());
    assertThat(command.getLinks()).hasSize(1);
    assertThat(command.getLinks().getFirst().getSpanContext()).isEqualTo(session.getSpanContext());
    long now = NOW.getEpochSecond() * 1_000_000_000L + NOW.getNano();
    assertThat(command.getEndEpochNanos()).isEqualTo(now);
    assertThat(command.getStartEpochNanos()).isEqualTo(now - 20_000_000);
    assertThat(session.getStartEpochNanos()).isEqualTo(now - 60_000_000_000L);
    assertThat(command.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  /** The list is complete: nothing else is exported. */
  @Test
  void aSpanHasNoParameters() {
    set("mail.trace.enabled=true");
    traces.opened(FIRST);
    traces.commandRecorded(FIRST, ran("LOGIN", "ok", "a LOGIN alice@example.test secret"));
    traces.closed(FIRST, STATS, CloseReason.IDLE_TIMEOUT);
    assertThat(names()).hasSize(2);
    assertThat(attributes(spans.getFirst()))
        .containsExactlyInAnyOrder(
            "network.protocol.name=imap",
            "session.id=00f1e2d3c4b5a696",
            "mail.command=LOGIN",
            "mail.outcome=ok",
            "mail.command.number=7",
            "mail.octets.sent=99");
    assertThat(attributes(spans.getLast()))
        .containsExactlyInAnyOrder(
            "network.protocol.name=imap",
            "session.id=00f1e2d3c4b5a696",
            "mail.commands=12",
            "mail.octets.sent=6789",
            "mail.end.reason=idle-timeout");
    var process = spans.getFirst().getResource();
    assertThat(process.getAttribute(AttributeKey.stringKey("service.name"))).isEqualTo("postern");
    assertThat(process.getAttribute(AttributeKey.stringKey("service.version"))).isEqualTo("1.0.0");
    assertThat(process.getAttribute(AttributeKey.stringKey("service.instance.id")))
        .isEqualTo("node-1");
  }

  private List<String> counted() {
    return registry.get("mail.trace.spans").counters().stream()
        .map(it -> it.getId().getTag("outcome") + " " + (int) it.count())
        .sorted()
        .toList();
  }

  private static List<String> attributes(SpanData span) {
    return span.getAttributes().asMap().entrySet().stream()
        .map(it -> it.getKey().getKey() + "=" + it.getValue())
        .toList();
  }

  @Test
  void aCommandThatEndedItsConnectionIsAnError() {
    set("mail.trace.enabled=true");
    traces.commandRecorded(FIRST, ran("FETCH", "broken", "a FETCH 1 BODY[]"));
    traces.commandRecorded(FIRST, ran("FETCH", "no", "a FETCH 1 BODY[]"));
    assertThat(names()).hasSize(2);
    assertThat(spans.stream().map(it -> it.getStatus().getStatusCode()).toList())
        .containsExactly(StatusCode.ERROR, StatusCode.UNSET);
    assertThat(attributes(spans.getFirst())).contains("error.type=broken");
  }

  @Test
  void oneSessionInSoManyIsTraced() {
    set("mail.trace.enabled=true", "mail.trace.one-session-in=2");
    for (var session : List.of(FIRST, SECOND)) {
      traces.opened(session);
      traces.commandRecorded(session, ran("NOOP", "ok", "a NOOP"));
      traces.commandRecorded(session, ran("NOOP", "ok", "b NOOP"));
      traces.closed(session, STATS, CloseReason.LOGOUT);
    }
    assertThat(names()).containsExactly("imap NOOP", "imap NOOP", "imap session");
    var ids =
        spans.stream().map(it -> it.getAttributes().get(AttributeKey.stringKey("session.id")));
    assertThat(ids.collect(Collectors.toSet())).hasSize(1);
  }

  @Test
  void settingsChangeDuringOpenSessions() {
    traces.opened(FIRST);
    assertThat(traces.recordsCommands(MailProtocol.IMAP)).isFalse();
    set("mail.trace.enabled=true");
    assertThat(traces.recordsCommands(MailProtocol.IMAP)).isTrue();
    traces.commandRecorded(FIRST, ran("NOOP", "ok", "a NOOP"));
    set("mail.trace.enabled=true", "mail.imap.banner=Another.");
    assertThat(collectors).containsExactly("http://127.0.0.1:4318/v1/traces");
    set("mail.trace.enabled=true", "mail.trace.endpoint=https://collector.example.test/v1/traces");
    assertThat(collectors).hasSize(2).last().asString().startsWith("https://collector.");
    traces.commandRecorded(FIRST, ran("CHECK", "ok", "b CHECK"));
    traces.closed(FIRST, STATS, CloseReason.LOGOUT);
    assertThat(names()).contains("imap CHECK").doesNotContain("imap session");
    assertThat(spans).allSatisfy(span -> assertThat(span.getLinks()).isEmpty());
    set("mail.trace.enabled=false");
    assertThat(traces.recordsCommands(MailProtocol.IMAP)).isFalse();
  }

  @Test
  void nothingIsExportedWhileSwitchedOff() {
    var request = ran("NOOP", "ok", "a NOOP");
    allocated(request);
    // Less than an octet for each of 200,000: what the platform itself makes now and then is less.
    assertThat(allocated(request)).isLessThan(200_000);
    assertThat(collectors).isEmpty();
  }

  private long allocated(CommandRecord request) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 200_000; i++) {
      if (traces.recordsCommands(MailProtocol.IMAP)) {
        traces.commandRecorded(FIRST, request);
      }
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void queuedSpansAreSentOverHttp() throws Exception {
    try (var collector = new Collector()) {
      var there = Tracing.collector(collector.endpoint());
      var tracing =
          new Tracing(
              new Traces.Origin("postern", "1.0.0", "node-1"),
              there,
              1,
              InstantSource.fixed(NOW),
              counts);
      tracing.ran(FIRST, ran("NOOP", "ok", "a NOOP"));
      tracing.close();
      var body = collector.bodies.poll(20, SECONDS);
      assertThat(body).contains("imap NOOP", FIRST.id(), "service.instance.id", "node-1");
      assertThat(collector.types).containsOnly("application/x-protobuf");
      assertThat(counted()).containsExactly("lost 0", "made 1", "sent 1");
    }
  }

  @Test
  void spansThatACollectorRefusesAreCounted() {
    var origin = new Traces.Origin("postern", "1.0.0", "node-1");
    var refusing = new Kept(spans, false);
    var tracing = new Tracing(origin, refusing, 1, InstantSource.fixed(NOW), counts);
    tracing.opened(FIRST);
    tracing.ran(FIRST, ran("NOOP", "ok", "a NOOP"));
    tracing.closed(FIRST, STATS, CloseReason.LOGOUT);
    tracing.close();
    assertThat(counted()).containsExactly("lost 2", "made 2", "sent 0");
  }

  /** Mail is served, and the process can end. */
  @Test
  void anUnreachableCollectorIsTolerated() throws Exception {
    var collector = new Collector();
    var endpoint = collector.endpoint();
    collector.close();
    var tracing =
        new Tracing(
            new Traces.Origin("postern", "1.0.0", "node-1"),
            Tracing.collector(endpoint),
            1,
            InstantSource.fixed(NOW),
            counts);
    tracing.ran(FIRST, ran("NOOP", "ok", "a NOOP"));
    tracing.close();
    assertThat(collector.bodies).isEmpty();
  }
}
