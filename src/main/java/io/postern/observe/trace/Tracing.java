package io.postern.observe.trace;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.postern.wire.CloseReason;
import io.postern.wire.registry.CommandRecord;
import io.postern.wire.registry.SessionInfo;
import io.postern.wire.registry.SessionStats;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Creates spans and exports them in batches, on a thread of its own. Spans that the collector does
 * not accept in time are dropped: mail never waits for it.
 */
final class Tracing {
  // Names from OpenTelemetry's semantic conventions where they exist.
  private static final AttributeKey<String> PROTOCOL =
      AttributeKey.stringKey("network.protocol.name");
  private static final AttributeKey<String> SESSION = AttributeKey.stringKey("session.id");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  private static final AttributeKey<String> COMMAND = AttributeKey.stringKey("mail.command");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("mail.outcome");
  private static final AttributeKey<Long> NUMBER = AttributeKey.longKey("mail.command.number");
  private static final AttributeKey<Long> SENT = AttributeKey.longKey("mail.octets.sent");
  private static final AttributeKey<Long> COMMANDS = AttributeKey.longKey("mail.commands");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("mail.end.reason");

  /** The outcome of a command that broke its connection. */
  private static final String BROKEN = "broken";

  /** The most spans in the queue; more are dropped. */
  private static final int MAX_QUEUE = 8_192;

  private static final int BATCH = 512;
  private static final Duration EXPORT_DELAY = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final long NANOS = 1_000_000_000L;

  private final SdkTracerProvider provider;
  private final Tracer tracer;
  private final int oneSessionIn;
  private final InstantSource clock;
  private final SpanCounts counts;
  private final ConcurrentMap<String, Span> sessions = new ConcurrentHashMap<>();

  /**
   * Starts a thread; connects to the collector only when there is something to send.
   *
   * @param oneSessionIn traces one session in so many
   */
  Tracing(
      Traces.Origin origin,
      SpanExporter exporter,
      int oneSessionIn,
      InstantSource clock,
      SpanCounts counts) {
    this.oneSessionIn = oneSessionIn;
    this.clock = clock;
    this.counts = counts;
    this.provider =
        SdkTracerProvider.builder()
            .setResource(Resource.getDefault().merge(Resource.create(attributes(origin))))
            .addSpanProcessor(
                BatchSpanProcessor.builder(counts.of(exporter))
                    .setMaxQueueSize(MAX_QUEUE)
                    .setMaxExportBatchSize(BATCH)
                    .setScheduleDelay(EXPORT_DELAY)
                    .setExporterTimeout(TIMEOUT)
                    .setMeterProvider(MeterProvider.noop())
                    .build())
            .build();
    this.tracer = provider.get("io.postern");
  }

  private static Attributes attributes(Traces.Origin origin) {
    return Attributes.of(
        AttributeKey.stringKey("service.name"),
        origin.name(),
        AttributeKey.stringKey("service.version"),
        origin.version(),
        AttributeKey.stringKey("service.instance.id"),
        origin.node());
  }

  /** Makes an exporter for the collector at this URL. */
  static SpanExporter collector(String endpoint) {
    return OtlpHttpSpanExporter.builder()
        .setEndpoint(endpoint)
        .setCompression("gzip")
        .setConnectTimeout(TIMEOUT)
        .setTimeout(TIMEOUT)
        .setMeterProvider(MeterProvider.noop())
        .build();
  }

  /** Ids count up from a random number, so any run of them has the right share of samples. */
  private boolean sampled(String session) {
    return oneSessionIn == 1
        || Long.remainderUnsigned(Long.parseUnsignedLong(session, 16), oneSessionIn) == 0;
  }

  void opened(SessionInfo session) {
    if (sampled(session.id())) {
      var span = span(session, session.protocol() + " session", nanos(session.since()));
      sessions.put(session.id(), span.startSpan());
    }
  }

  private SpanBuilder span(SessionInfo session, String name, long start) {
    return tracer
        .spanBuilder(name)
        .setNoParent()
        .setSpanKind(SpanKind.SERVER)
        .setStartTimestamp(start, NANOSECONDS)
        .setAttribute(PROTOCOL, session.protocol().label())
        .setAttribute(SESSION, session.id());
  }

  void ran(SessionInfo session, CommandRecord ran) {
    if (!sampled(session.id())) {
      return;
    }
    long now = nanos(clock.instant());
    var builder =
        span(session, session.protocol() + " " + ran.command(), now - ran.nanos())
            .setAttribute(COMMAND, ran.command())
            .setAttribute(OUTCOME, ran.outcome())
            .setAttribute(NUMBER, ran.number())
            .setAttribute(SENT, ran.out());
    // A session that was open when traces were switched on has no span.
    Optional.ofNullable(sessions.get(session.id()))
        .ifPresent(sessionSpan -> builder.addLink(sessionSpan.getSpanContext()));
    var span = builder.startSpan();
    if (ran.outcome().equals(BROKEN)) {
      span.setStatus(StatusCode.ERROR).setAttribute(ERROR, BROKEN);
    }
    close(span, now);
  }

  private void close(Span span, long nanos) {
    span.end(nanos, NANOSECONDS);
    counts.made().increment();
  }

  void closed(SessionInfo session, SessionStats stats, CloseReason why) {
    Optional.ofNullable(sessions.remove(session.id()))
        .ifPresent(
            span -> {
              span.setAttribute(COMMANDS, stats.commands());
              span.setAttribute(SENT, stats.octetsOut());
              span.setAttribute(REASON, label(why));
              if (why == CloseReason.FAULT) {
                span.setStatus(StatusCode.ERROR).setAttribute(ERROR, label(why));
              }
              close(span, nanos(clock.instant()));
            });
  }

  private static String label(CloseReason why) {
    return why.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static long nanos(Instant at) {
    return at.getEpochSecond() * NANOS + at.getNano();
  }

  /** Sends the queued spans in the background. Spans of sessions that are still open are lost. */
  void shutDown() {
    provider.shutdown();
  }

  /** Sends the queued spans and waits for that, 5 s at most. */
  void close() {
    provider.shutdown().join(TIMEOUT.toSeconds(), SECONDS);
  }
}
