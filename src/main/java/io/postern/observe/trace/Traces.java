package io.postern.observe.trace;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.postern.config.Live;
import io.postern.config.TraceSettings;
import io.postern.wire.CloseReason;
import io.postern.wire.transport.SessionRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * Sends spans while the settings of now ask for it. Switched off it is one look at a field for each
 * command: the libraries behind it are not even loaded.
 */
public final class Traces implements SessionRegistry.Log {
  private static final Logger LOG = System.getLogger(Traces.class.getName());

  /** What the settings ask for; another collector or part is another one of these. */
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
  private Config wanted = Config.NOTHING;
  private volatile Optional<Tracing> tracing = Optional.empty();

  /**
   * The server as spans name it.
   *
   * @param name of the service
   * @param version of it
   * @param node on which it runs
   */
  public record Origin(String name, String version, String node) {}

  /** Sends to the collectors that the settings name. */
  public Traces(Live live, InstantSource clock, Origin origin, MeterRegistry registry) {
    this(live, clock, origin, Tracing::collector, SpanCounts.in(registry));
  }

  /**
   * Sends to what the function makes of the endpoint.
   *
   * @param exporters asked when traces are switched on, or elsewhere; must not fail
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
    settle();
    live.afterSwap(this::settle);
  }

  /** Brings what is sent in line with the settings of now. */
  private void settle() {
    var now = Config.of(live.now().trace());
    if (now.equals(wanted)) {
      return;
    }
    wanted = now;
    var before = tracing;
    tracing = now.enabled ? Optional.of(begin(now)) : Optional.empty();
    before.ifPresent(Tracing::leave);
    LOG.log(Level.INFO, now.enabled ? "Traces go to " + now.endpoint : "Traces are off");
  }

  private Tracing begin(Config now) {
    return new Tracing(origin, exporters.apply(now.endpoint), now.oneSessionIn, clock, counts);
  }

  /** Sends what is left, and returns when it has gone or its time is over. */
  public void close() {
    tracing.ifPresent(Tracing::end);
  }

  @Override
  public boolean wantsCommands(String protocol) {
    return tracing.isPresent();
  }

  @Override
  public void opened(SessionRegistry.SessionInfo session) {
    tracing.ifPresent(it -> it.opened(session));
  }

  @Override
  public void ran(SessionRegistry.SessionInfo session, SessionRegistry.CommandRecord command) {
    tracing.ifPresent(it -> it.ran(session, command));
  }

  @Override
  public void closed(
      SessionRegistry.SessionInfo session, SessionRegistry.SessionStats tally, CloseReason why) {
    tracing.ifPresent(it -> it.closed(session, tally, why));
  }
}
