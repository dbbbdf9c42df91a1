package io.postern.observe.protocol;

import io.postern.config.area.ProtocolLogSettings.Format;
import io.postern.model.MailProtocol;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The lines of a file. Fields with commas, quotes or line ends are quoted (RFC 4180 §2); control
 * characters were removed when the entry was made.
 */
final class ProtocolLogFormat {
  /** ISO 8601 with milliseconds, in UTC, as all logs of Exchange have it. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final String LINE_END = "\r\n";

  private static final String FIELDS_2013 =
      "date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,"
          + "context";

  private static final String FIELDS_2016 =
      "dateTime,sessionId,seqNumber,sIp,cIp,user,duration,rqsize,rpsize,command,parameters,context,"
          + "puid";

  private ProtocolLogFormat() {}

  /** The lines at the beginning of a file; JSON has none. */
  static String head(Format format, MailProtocol protocol, Instant now) {
    return switch (format) {
      case EXCHANGE_2013 -> head(protocol, now, FIELDS_2013);
      case EXCHANGE_2016 -> head(protocol, now, FIELDS_2016);
      case JSON -> "";
    };
  }

  private static String head(MailProtocol protocol, Instant now, String fields) {
    return String.join(
        LINE_END,
        "#Software: Postern",
        "#Log-type: " + ProtocolLogFiles.prefix(protocol) + " Protocol Log",
        "#Date: " + TIME.format(now),
        "#Fields: " + fields,
        "");
  }

  /** The lines of an entry: two for a command in the format of 2013, else one. */
  static String lines(Format format, ProtocolLogEntry entry) {
    return switch (format) {
      case EXCHANGE_2013 -> lines2013(entry);
      case EXCHANGE_2016 -> line2016(entry);
      case JSON -> json(entry);
    };
  }

  /** A command is what was received and what was sent, each with a number of its own. */
  private static String lines2013(ProtocolLogEntry entry) {
    long last = 2 * entry.number();
    return switch (entry.kind()) {
      case OPENED -> line2013(entry, 0, "+", "", "");
      case COMMAND ->
          line2013(entry, last - 1, "<", received(entry), "")
              + line2013(entry, last, ">", sent(entry), "");
      case CLOSED -> line2013(entry, last - 1, "-", "", entry.result());
    };
  }

  private static String received(ProtocolLogEntry entry) {
    return entry.parameters().isEmpty()
        ? entry.command()
        : entry.command() + " " + entry.parameters();
  }

  /** The text of responses is not kept: it may hold mail. */
  private static String sent(ProtocolLogEntry entry) {
    return upper(entry.result())
        + "; "
        + entry.out()
        + " octets, "
        + entry.duration().toMillis()
        + " ms";
  }

  private static String line2013(
      ProtocolLogEntry entry, long number, String event, String data, String context) {
    return csv(
        TIME.format(entry.time()),
        "",
        entry.session().id(),
        Long.toString(number),
        entry.session().local().toString(),
        entry.session().remote().toString(),
        event,
        data,
        context);
  }

  private static String line2016(ProtocolLogEntry entry) {
    var command =
        switch (entry.kind()) {
          case COMMAND -> entry.command().toLowerCase(Locale.ROOT);
          case OPENED, CLOSED -> entry.command();
        };
    return csv(
        TIME.format(entry.time()),
        entry.session().id(),
        Long.toString(entry.number()),
        entry.session().local().toString(),
        entry.session().remote().toString(),
        entry.user(),
        Long.toString(entry.duration().toMillis()),
        Long.toString(entry.in()),
        Long.toString(entry.out()),
        command,
        entry.parameters(),
        "R=" + upper(entry.result()),
        "");
  }

  private static String json(ProtocolLogEntry entry) {
    var line =
        new JsonObject()
            .put("dateTime", TIME.format(entry.time()))
            .put("protocol", entry.protocol().label())
            .put("sessionId", entry.session().id());
    entry.fields().forEach(line::put);
    return line.encode() + "\n";
  }

  private static String upper(String result) {
    return result.toUpperCase(Locale.ROOT);
  }

  private static String csv(String... fields) {
    return Arrays.stream(fields).map(ProtocolLogFormat::field).collect(Collectors.joining(","))
        + LINE_END;
  }

  private static String field(String text) {
    boolean quoted = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
