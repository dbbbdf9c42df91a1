package io.postern.observe.trace;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;

/**
 * Counts spans in {@code mail.trace.spans}. Spans that were made and are neither sent nor lost are
 * queued, or were dropped because the queue was full.
 *
 * @param made by sessions and commands
 * @param sent and accepted by the collector
 * @param lost because the collector did not accept them
 */
record SpanCounts(Counter made, Counter sent, Counter lost) {
  private static final String METER = "mail.trace.spans";

  static SpanCounts in(MeterRegistry registry) {
    return new SpanCounts(
        counter(registry, "made"), counter(registry, "sent"), counter(registry, "lost"));
  }

  private static Counter counter(MeterRegistry registry, String outcome) {
    return Counter.builder(METER)
        .description("spans of traces, and what became of them")
        .tag("outcome", outcome)
        .register(registry);
  }

  /** Wraps an exporter so that its batches are counted. */
  SpanExporter of(SpanExporter exporter) {
    return new Counted(exporter, this);
  }

  private record Counted(SpanExporter exporter, SpanCounts counts) implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> batch) {
      // The caller may clear the batch before the export completes.
      int size = batch.size();
      var result = exporter.export(batch);
      return result.whenComplete(
          () -> (result.isSuccess() ? counts.sent : counts.lost).increment(size));
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }
  }
}
