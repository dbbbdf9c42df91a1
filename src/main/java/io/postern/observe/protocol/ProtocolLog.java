package io.postern.observe.protocol;

import io.micrometer.core.instrument.MeterRegistry;
import io.postern.config.Live;
import io.postern.config.LiveSettings;
import io.postern.config.area.ProtocolLogSettings;
import io.postern.config.component.ProtocolLogRequests;
import io.postern.model.MailProtocol;
import io.postern.observe.meter.SessionMeters;
import io.postern.observe.protocol.ProtocolLogEntry.Kind;
import io.postern.wire.CloseReason;
import io.postern.wire.registry.CommandRecord;
import io.postern.wire.registry.SessionInfo;
import io.postern.wire.registry.SessionObserver;
import io.postern.wire.registry.SessionStats;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Logs each command of the protocols whose log the settings switch on, and of the sessions that an
 * administrator asked for. Exchange: ProtocolLogEnabled. Credentials are never in it: {@link
 * RedactedCommand}.
 */
@Singleton
public final class ProtocolLog implements SessionObserver, AutoCloseable {
  private final Live live;
  private final InstantSource clock;
  private final ProtocolLogRequests requests;
  private final ProtocolLogWriter writer;

  public ProtocolLog(
      Live live, InstantSource clock, ProtocolLogRequests requests, MeterRegistry registry) {
    this.live = live;
    this.clock = clock;
    this.requests = requests;
    this.writer = new ProtocolLogWriter(live, clock, registry);
  }

  /** A requested user may log in with the next command, so all of the protocol are recorded. */
  @Override
  public boolean recordsCommands(MailProtocol protocol) {
    return enabled(live.now(), protocol) || requests.concern(protocol);
  }

  private static boolean enabled(LiveSettings settings, MailProtocol protocol) {
    return LiveSettings.protocolLog(settings, protocol)
        .filter(ProtocolLogSettings::protocolLogEnabled)
        .isPresent();
  }

  private boolean logs(SessionInfo session) {
    var protocol = session.protocol();
    return enabled(live.now(), protocol)
        || (requests.concern(protocol)
            && requests.concern(protocol, session.user(), session.remote().hostAddress()));
  }

  @Override
  public void opened(SessionInfo session) {
    if (logs(session)) {
      write(Kind.OPENED, session, 0, "OpenSession", "", "ok", Duration.ZERO, 0, 0);
    }
  }

  @Override
  public void closed(SessionInfo session, SessionStats stats, CloseReason why) {
    if (logs(session)) {
      write(
          Kind.CLOSED,
          session,
          stats.commands() + 1,
          "CloseSession",
          "",
          SessionMeters.label(why),
          Duration.ZERO,
          stats.octetsIn(),
          stats.octetsOut());
    }
  }

  @Override
  public void commandRecorded(SessionInfo session, CommandRecord ran) {
    // Another log may have asked for the commands.
    if (logs(session)) {
      var redacted = RedactedCommand.of(session.protocol(), session.user().isPresent(), ran);
      write(
          Kind.COMMAND,
          session,
          ran.number(),
          ran.command(),
          redacted.parameters(),
          ran.outcome(),
          Duration.ofNanos(ran.nanos()),
          redacted.octets(),
          ran.out());
    }
  }

  private void write(
      Kind kind,
      SessionInfo session,
      long number,
      String command,
      String parameters,
      String result,
      Duration duration,
      long in,
      long out) {
    writer.add(
        new ProtocolLogEntry(
            kind,
            clock.instant(),
            session,
            number,
            command,
            parameters,
            result,
            duration,
            in,
            out));
  }

  /** Writes what is queued. */
  @PreDestroy
  @Override
  public void close() {
    writer.close();
  }
}
