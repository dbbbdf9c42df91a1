package io.postern.observe;

import io.postern.observe.log.ProtocolLog;
import io.postern.observe.log.SessionLog;
import io.postern.observe.meter.SessionMeters;
import io.postern.observe.trace.Traces;
import io.postern.wire.CloseReason;
import io.postern.wire.transport.SessionRegistry;
import jakarta.inject.Singleton;

/** Forwards session events to the meters, the logs and the traces. */
@Singleton
public class SessionLogs implements SessionRegistry.Log {
  /** Each command iterates over it; an array needs no iterator. */
  private final SessionRegistry.Log[] all;

  SessionLogs(SessionMeters meters, SessionLog summaries, ProtocolLog commands, Traces traces) {
    all = new SessionRegistry.Log[] {meters, summaries, commands, traces};
  }

  @Override
  public void opened(SessionRegistry.SessionInfo session) {
    for (var log : all) {
      log.opened(session);
    }
  }

  @Override
  public void secured(SessionRegistry.SessionInfo session, String version, boolean asked) {
    for (var log : all) {
      log.secured(session, version, asked);
    }
  }

  @Override
  public void loggedIn(SessionRegistry.SessionInfo session) {
    for (var log : all) {
      log.loggedIn(session);
    }
  }

  @Override
  public void closed(
      SessionRegistry.SessionInfo session, SessionRegistry.SessionStats tally, CloseReason why) {
    for (var log : all) {
      log.closed(session, tally, why);
    }
  }

  @Override
  public void rejected(String protocol, SessionRegistry.Rejection why) {
    for (var log : all) {
      log.rejected(protocol, why);
    }
  }

  @Override
  public boolean wantsCommands(String protocol) {
    for (var log : all) {
      if (log.wantsCommands(protocol)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void ran(SessionRegistry.SessionInfo session, SessionRegistry.CommandRecord command) {
    for (var log : all) {
      log.ran(session, command);
    }
  }
}
