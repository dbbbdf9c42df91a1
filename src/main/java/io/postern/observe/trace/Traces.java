package io.postern.observe.trace;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.postern.config.Live;
import io.postern.config.area.TraceSettings;
import io.postern.model.MailProtocol;
import io.postern.wire.CloseReason;
import io.postern.wire.registry.CommandRecord;
import io.postern.wire.registry.SessionInfo;
import io.postern.wire.registry.SessionObserver;
import io.postern.wire.registry.SessionStats;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * Exports spans while the current settings ask for it. When switched off, it costs each command one
 * read of a field, and its libraries are not loaded.
 */
public final class Traces implements SessionObserver {
  private static final Logger LOG = System.getLogger(Traces.class.getName());

  /** The settings of an exporter; a change of any of them replaces the exporter. */
  private record Config(boolean enabled, String endpoint, int oneSessionIn) {
    static final Config NOTHING = new Config(false, "", 1);

    static Config of(TraceSettings settings) {
      return settings.enabled()
          ? new Config(true, settings.endpoint(), settings.oneSessionIn())
          : NOTHING;
    }
  }

  private final Live live;
  private final InstantSource clock;
  private final Origin origin;
  private final Function<String, SpanExporter> exporters;
  private final SpanCounts counts;
  private Config config = Config.NOTHING;
  private volatile Optional<Tracing> tracing = Optional.empty();

  /**
   * The resource attributes of the server.
   *
   * @param name of the service
   * @param version of the service
   * @param node that it runs on
   */
  public record Origin(String name, String version, String node) {}

  /** Exports to the collector that the settings name. */
  public Traces(Live live, InstantSource clock, Origin origin, MeterRegistry registry) {
    this(live, clock, origin, Tracing::collector, SpanCounts.in(registry));
  }

  /**
   * Exports to what the function makes of the endpoint.
   *
   * @param exporters called when traces are switched on or their settings change; must not fail
   */
  Traces(
      Live live,
      InstantSource clock,
      Origin origin,
      Function<String, SpanExporter> exporters,
      SpanCounts counts) {
    this.live = live;
    this.clock = clock;
    this.origin = origin;
    this.exporters = exporters;
    this.counts = counts;
    applySettings();
    live.afterSwap(this::applySettings);
  }

  /** Applies the current settings. */
  private void applySettings() {
    var next = Config.of(live.now().trace());
    if (next.equals(config)) {
      return;
    }
    config = next;
    var previous = tracing;
    tracing = next.enabled ? Optional.of(begin(next)) : Optional.empty();
    previous.ifPresent(Tracing::shutDown);
    LOG.log(Level.INFO, next.enabled ? "Traces go to " + next.endpoint : "Traces are off");
  }

  private Tracing begin(Config now) {
    return new Tracing(origin, exporters.apply(now.endpoint), now.oneSessionIn, clock, counts);
  }

  /** Sends the queued spans; returns when they are sent or the timeout has passed. */
  public void close() {
    tracing.ifPresent(Tracing::close);
  }

  @Override
  public boolean recordsCommands(MailProtocol protocol) {
    return tracing.isPresent();
  }

  @Override
  public void opened(SessionInfo session) {
    tracing.ifPresent(it -> it.opened(session));
  }

  @Override
  public void commandRecorded(SessionInfo session, CommandRecord command) {
    tracing.ifPresent(it -> it.ran(session, command));
  }

  @Override
  public void closed(SessionInfo session, SessionStats stats, CloseReason why) {
    tracing.ifPresent(it -> it.closed(session, stats, why));
  }
}
