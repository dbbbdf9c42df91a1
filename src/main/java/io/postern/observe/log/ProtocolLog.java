package io.postern.observe.log;

import io.postern.config.Live;
import io.postern.model.MailProtocol;
import io.postern.observe.meter.SessionMeters;
import io.postern.wire.CloseReason;
import io.postern.wire.registry.CommandRecord;
import io.postern.wire.registry.SessionInfo;
import io.postern.wire.registry.SessionObserver;
import io.postern.wire.registry.SessionStats;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Logs one line for each command, like Exchange's protocol log (ProtocolLogEnabled), with the
 * fields of its 2016 version. Credentials are never in it: {@link RedactedCommand}.
 */
@Singleton
public final class ProtocolLog implements SessionObserver {
  private final Live live;
  private final Map<MailProtocol, Logger> loggers = new EnumMap<>(MailProtocol.class);

  public ProtocolLog(Live live) {
    this.live = live;
    for (var protocol : MailProtocol.values()) {
      loggers.put(protocol, System.getLogger("io.postern.protocol." + protocol));
    }
  }

  @Override
  public boolean recordsCommands(MailProtocol protocol) {
    var settings = live.now();
    return switch (protocol) {
      case IMAP -> settings.imap().protocolLogEnabled();
      case POP3 -> settings.pop3().protocolLogEnabled();
      case LMTP -> false;
    };
  }

  @Override
  public void opened(SessionInfo session) {
    write(session, new Line(session, 0, "OpenSession", "", "R=ok", Duration.ZERO, 0, 0));
  }

  @Override
  public void closed(SessionInfo session, SessionStats stats, CloseReason why) {
    var context = "R=" + SessionMeters.label(why);
    long number = stats.commands() + 1;
    write(
        session,
        new Line(
            session,
            number,
            "CloseSession",
            "",
            context,
            Duration.ZERO,
            stats.octetsIn(),
            stats.octetsOut()));
  }

  @Override
  public void commandRecorded(SessionInfo session, CommandRecord ran) {
    if (!recordsCommands(session.protocol())) {
      // Another log asked for the commands.
      return;
    }
    var redacted = RedactedCommand.of(session.protocol(), session.user().isPresent(), ran);
    write(
        session,
        new Line(
            session,
            ran.number(),
            ran.command(),
            redacted.parameters(),
            "R=" + ran.outcome(),
            Duration.ofNanos(ran.nanos()),
            redacted.octets(),
            ran.out()));
  }

  private void write(SessionInfo session, Line line) {
    if (recordsCommands(session.protocol())) {
      Objects.requireNonNull(loggers.get(session.protocol())).log(Level.INFO, "{0}", line);
    }
  }

  private record Line(
      SessionInfo session,
      long number,
      String command,
      String parameters,
      String context,
      Duration duration,
      long in,
      long out)
      implements LogFields {
    @Override
    public Map<String, Object> fields() {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("event", "command");
      fields.put("seqNumber", number);
      fields.put("sIp", session.local().toString());
      fields.put("cIp", session.remote().toString());
      fields.put("user", session.user().orElse(""));
      fields.put("duration", duration.toMillis());
      fields.put("rqsize", in);
      fields.put("rpsize", out);
      fields.put("command", command);
      fields.put("parameters", parameters);
      fields.put("context", context);
      return fields;
    }

    @Override
    public String toString() {
      return String.join(
          ",",
          "session " + session.id(),
          Long.toString(number),
          session.local().toString(),
          session.remote().toString(),
          session.user().orElse(""),
          Long.toString(duration.toMillis()),
          Long.toString(in),
          Long.toString(out),
          command,
          '"' + parameters.replace("\"", "\"\"") + '"',
          context);
    }
  }
}
