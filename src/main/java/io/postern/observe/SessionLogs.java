package io.postern.observe;

import io.postern.model.MailProtocol;
import io.postern.observe.log.SessionLog;
import io.postern.observe.meter.CommandMeters;
import io.postern.observe.meter.SessionMeters;
import io.postern.observe.protocol.ProtocolLog;
import io.postern.observe.trace.Traces;
import io.postern.wire.CloseReason;
import io.postern.wire.registry.CommandRecord;
import io.postern.wire.registry.Rejection;
import io.postern.wire.registry.SessionInfo;
import io.postern.wire.registry.SessionObserver;
import io.postern.wire.registry.SessionStats;
import jakarta.inject.Singleton;

/** Forwards session events to the meters, the logs and the traces. */
@Singleton
public class SessionLogs implements SessionObserver {
  private final CommandMeters commandMeters;

  /** An array, because each command iterates over it: no iterator is needed. */
  private final SessionObserver[] all;

  SessionLogs(
      SessionMeters meters,
      CommandMeters commandMeters,
      SessionLog summaries,
      ProtocolLog commands,
      Traces traces) {
    this.commandMeters = commandMeters;
    this.all = new SessionObserver[] {meters, summaries, commands, traces};
  }

  @Override
  public void opened(SessionInfo session) {
    for (var log : all) {
      log.opened(session);
    }
  }

  @Override
  public void secured(SessionInfo session, String version, boolean startTls) {
    for (var log : all) {
      log.secured(session, version, startTls);
    }
  }

  @Override
  public void loggedIn(SessionInfo session) {
    for (var log : all) {
      log.loggedIn(session);
    }
  }

  @Override
  public void userLeft(SessionInfo session) {
    for (var log : all) {
      log.userLeft(session);
    }
  }

  @Override
  public void closed(SessionInfo session, SessionStats stats, CloseReason why) {
    for (var log : all) {
      log.closed(session, stats, why);
    }
  }

  @Override
  public void rejected(MailProtocol protocol, Rejection why) {
    for (var log : all) {
      log.rejected(protocol, why);
    }
  }

  @Override
  public void commandEnded(SessionInfo session, String command, String outcome, long nanos) {
    commandMeters.commandEnded(session, command, outcome, nanos);
  }

  @Override
  public boolean recordsCommands(MailProtocol protocol) {
    for (var log : all) {
      if (log.recordsCommands(protocol)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void commandRecorded(SessionInfo session, CommandRecord command) {
    for (var log : all) {
      log.commandRecorded(session, command);
    }
  }
}
