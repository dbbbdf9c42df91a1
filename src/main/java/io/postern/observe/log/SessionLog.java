package io.postern.observe.log;

import io.postern.config.Live;
import io.postern.observe.meter.SessionMeters;
import io.postern.wire.CloseReason;
import io.postern.wire.registry.SessionInfo;
import io.postern.wire.registry.SessionObserver;
import io.postern.wire.registry.SessionStats;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Logs one line for each session when it ends: the user, the totals and the reason. */
@Singleton
public final class SessionLog implements SessionObserver {
  private static final Logger LOG = System.getLogger("io.postern.sessions");

  private final Live live;
  private final InstantSource clock;

  public SessionLog(Live live, InstantSource clock) {
    this.live = live;
    this.clock = clock;
  }

  @Override
  public void closed(SessionInfo session, SessionStats stats, CloseReason why) {
    if (live.now().log().sessionSummary()) {
      var lasted = Duration.between(session.since(), clock.instant());
      LOG.log(Level.INFO, "{0}", new Summary(session, stats, lasted, SessionMeters.label(why)));
    }
  }

  /** The log line. */
  record Summary(SessionInfo session, SessionStats stats, Duration lasted, String why)
      implements LogFields {
    @Override
    public Map<String, Object> fields() {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("event", "session-ended");
      fields.put("protocol", session.protocol().label());
      session.user().ifPresent(name -> fields.put("user", name));
      session.home().ifPresent(site -> fields.put("home", site));
      session.client().ifPresent(program -> fields.put("client", program));
      fields.put("cIp", session.remote().toString());
      fields.put("sIp", session.local().toString());
      fields.put("secure", session.secure());
      fields.put("commands", stats.commands());
      fields.put("octetsIn", stats.octetsIn());
      fields.put("octetsOut", stats.octetsOut());
      fields.put("duration", lasted.toMillis());
      fields.put("reason", why);
      return fields;
    }

    @Override
    public String toString() {
      return "session "
          + session.id()
          + " ended: "
          + why
          + ", "
          + session.protocol()
          + (session.secure() ? " (TLS) " : " ")
          + session.remote()
          + ", "
          + session.user().orElse("not logged in")
          + session.home().map(site -> " at site " + site).orElse("")
          + session.client().map(program -> " with " + program).orElse("")
          + ", "
          + stats.commands()
          + " commands, "
          + stats.octetsIn()
          + " octets in, "
          + stats.octetsOut()
          + " out, "
          + lasted.toMillis()
          + " ms";
    }
  }
}
