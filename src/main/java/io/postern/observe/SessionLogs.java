package io.postern.observe;

import io.postern.wire.CloseReason;
import io.postern.wire.Sessions;
import jakarta.inject.Singleton;
import java.util.List;

/** Tells all who watch sessions. */
@Singleton
public class SessionLogs implements Sessions.Log {
  private final List<Sessions.Log> all;

  SessionLogs(SessionMeters meters, SessionLog summaries, ProtocolLog commands) {
    all = List.of(meters, summaries, commands);
  }

  @Override
  public void opened(Sessions.Open session) {
    all.forEach(log -> log.opened(session));
  }

  @Override
  public void secured(Sessions.Open session, String version, boolean asked) {
    all.forEach(log -> log.secured(session, version, asked));
  }

  @Override
  public void loggedIn(Sessions.Open session) {
    all.forEach(log -> log.loggedIn(session));
  }

  @Override
  public void closed(Sessions.Open session, Sessions.Tally tally, CloseReason why) {
    all.forEach(log -> log.closed(session, tally, why));
  }

  @Override
  public void rejected(String protocol, Sessions.Rejection why) {
    all.forEach(log -> log.rejected(protocol, why));
  }

  @Override
  public boolean wantsCommands(String protocol) {
    return all.stream().anyMatch(log -> log.wantsCommands(protocol));
  }

  @Override
  public void ran(Sessions.Open session, Sessions.Ran command) {
    all.forEach(log -> log.ran(session, command));
  }
}
