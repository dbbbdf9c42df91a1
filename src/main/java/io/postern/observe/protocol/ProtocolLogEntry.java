package io.postern.observe.protocol;

import io.postern.model.MailProtocol;
import io.postern.observe.log.LogFields;
import io.postern.wire.registry.SessionInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One entry of the protocol log, without anything secret.
 *
 * @param kind what happened
 * @param time when it ended
 * @param session the state of the session afterwards
 * @param number of the command in its session, from 1; 0 for the beginning, one more than the last
 *     command for the end
 * @param command its name, upper case; {@code OpenSession} or {@code CloseSession}
 * @param parameters redacted, at most {@link RedactedCommand#MAX_LENGTH} characters and three more
 * @param result the outcome of a command, or why the session ended
 * @param duration how long it ran
 * @param in octets received
 * @param out octets sent
 */
record ProtocolLogEntry(
    Kind kind,
    Instant time,
    SessionInfo session,
    long number,
    String command,
    String parameters,
    String result,
    Duration duration,
    long in,
    long out)
    implements LogFields {
  /** What an entry is about. */
  enum Kind {
    /** A session begins. */
    OPENED,
    /** A command ended. */
    COMMAND,
    /** A session ends. */
    CLOSED
  }

  /** What an entry takes in memory beside its texts, in octets, roughly. */
  private static final int FIXED = 400;

  MailProtocol protocol() {
    return session.protocol();
  }

  String user() {
    return session.user().orElse("");
  }

  /** The octets that the entry takes in the queue, roughly. */
  long weight() {
    return FIXED + 2L * (command.length() + parameters.length() + result.length());
  }

  /** The fields of JSON and of the server's log, with Exchange's names. */
  @Override
  public Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("event", "command");
    fields.put("seqNumber", number);
    fields.put("sIp", session.local().toString());
    fields.put("cIp", session.remote().toString());
    fields.put("user", user());
    fields.put("duration", duration.toMillis());
    fields.put("rqsize", in);
    fields.put("rpsize", out);
    fields.put("command", command);
    fields.put("parameters", parameters);
    fields.put("context", "R=" + result.toLowerCase(Locale.ROOT));
    return fields;
  }

  /** The line of the server's log as text. */
  @Override
  public String toString() {
    return String.join(
        ",",
        "session " + session.id(),
        Long.toString(number),
        session.local().toString(),
        session.remote().toString(),
        user(),
        Long.toString(duration.toMillis()),
        Long.toString(in),
        Long.toString(out),
        command,
        '"' + parameters.replace("\"", "\"\"") + '"',
        "R=" + result.toLowerCase(Locale.ROOT));
  }
}
