package io.postern.observe;

import io.postern.observe.trace.Traces;
import io.postern.wire.CloseReason;
import io.postern.wire.Sessions;
import jakarta.inject.Singleton;

/** Tells all who watch sessions. */
@Singleton
public class SessionLogs implements Sessions.Log {
  /** Gone through by each command: an array, so that nothing is made of it. */
  private final Sessions.Log[] all;

  SessionLogs(SessionMeters meters, SessionLog summaries, ProtocolLog commands, Traces traces) {
    all = new Sessions.Log[] {meters, summaries, commands, traces};
  }

  @Override
  public void opened(Sessions.Open session) {
    for (var log : all) {
      log.opened(session);
    }
  }

  @Override
  public void secured(Sessions.Open session, String version, boolean asked) {
    for (var log : all) {
      log.secured(session, version, asked);
    }
  }

  @Override
  public void loggedIn(Sessions.Open session) {
    for (var log : all) {
      log.loggedIn(session);
    }
  }

  @Override
  public void closed(Sessions.Open session, Sessions.Tally tally, CloseReason why) {
    for (var log : all) {
      log.closed(session, tally, why);
    }
  }

  @Override
  public void rejected(String protocol, Sessions.Rejection why) {
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
  public void ran(Sessions.Open session, Sessions.Ran command) {
    for (var log : all) {
      log.ran(session, command);
    }
  }
}
