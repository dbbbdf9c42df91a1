package io.postern.observe.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.postern.config.area.ProtocolLogSettings.Format;
import io.postern.model.MailProtocol;
import io.postern.observe.protocol.ProtocolLogEntry.Kind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The lines of a session in each format, beside those of Exchange. */
class ProtocolLogFormatTest {
  private static final Instant TIME = Instant.parse("2026-11-30T16:05:07.089Z");

  private static ProtocolLogEntry entry(
      Kind kind, long number, String command, String parameters, String result) {
    return new ProtocolLogEntry(
        kind,
        TIME,
        LoggedSessions.alice(MailProtocol.IMAP),
        number,
        command,
        parameters,
        result,
        Duration.ofNanos(1_999_999),
        17,
        21);
  }

  private static String session(Format format) {
    return ProtocolLogFormat.head(format, MailProtocol.IMAP, TIME)
        + ProtocolLogFormat.lines(format, entry(Kind.OPENED, 0, "OpenSession", "", "ok"))
        + ProtocolLogFormat.lines(format, entry(Kind.COMMAND, 1, "LOGIN", "*****", "ok"))
        + ProtocolLogFormat.lines(format, entry(Kind.COMMAND, 2, "SELECT", "\"a, b\"", "no"))
        + ProtocolLogFormat.lines(format, entry(Kind.CLOSED, 3, "CloseSession", "", "logout"));
  }

  @Test
  void exchange2016HasOneLineForEachCommand() {
    assertThat(session(Format.EXCHANGE_2016))
        .isEqualTo(
            """
            #Software: Postern
            #Log-type: IMAP4 Protocol Log
            #Date: 2026-11-30T16:05:07.089Z
            #Fields: dateTime,sessionId,seqNumber,sIp,cIp,user,duration,rqsize,rpsize,command,parameters,context,puid
            2026-11-30T16:05:07.089Z,00f1e2d3c4b5a697,0,192.0.2.1:993,192.0.2.7:50123,alice@example.test,1,17,21,OpenSession,,R=OK,
            2026-11-30T16:05:07.089Z,00f1e2d3c4b5a697,1,192.0.2.1:993,192.0.2.7:50123,alice@example.test,1,17,21,login,*****,R=OK,
            2026-11-30T16:05:07.089Z,00f1e2d3c4b5a697,2,192.0.2.1:993,192.0.2.7:50123,alice@example.test,1,17,21,select,\"\""a, b\"\"",R=NO,
            2026-11-30T16:05:07.089Z,00f1e2d3c4b5a697,3,192.0.2.1:993,192.0.2.7:50123,alice@example.test,1,17,21,CloseSession,,R=LOGOUT,
            """
                .replace("\n", "\r\n"));
  }

  @Test
  void exchange2013HasALineForEachDirection() {
    assertThat(session(Format.EXCHANGE_2013))
        .isEqualTo(
            """
            #Software: Postern
            #Log-type: IMAP4 Protocol Log
            #Date: 2026-11-30T16:05:07.089Z
            #Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context
            2026-11-30T16:05:07.089Z,,00f1e2d3c4b5a697,0,192.0.2.1:993,192.0.2.7:50123,+,,
            2026-11-30T16:05:07.089Z,,00f1e2d3c4b5a697,1,192.0.2.1:993,192.0.2.7:50123,<,LOGIN *****,
            2026-11-30T16:05:07.089Z,,00f1e2d3c4b5a697,2,192.0.2.1:993,192.0.2.7:50123,>,"OK; 21 octets, 1 ms",
            2026-11-30T16:05:07.089Z,,00f1e2d3c4b5a697,3,192.0.2.1:993,192.0.2.7:50123,<,"SELECT ""a, b\""",
            2026-11-30T16:05:07.089Z,,00f1e2d3c4b5a697,4,192.0.2.1:993,192.0.2.7:50123,>,"NO; 21 octets, 1 ms",
            2026-11-30T16:05:07.089Z,,00f1e2d3c4b5a697,5,192.0.2.1:993,192.0.2.7:50123,-,,logout
            """
                .replace("\n", "\r\n"));
  }

  @Test
  void jsonIsAnObjectForEachCommand() throws Exception {
    var lines = session(Format.JSON).lines().toList();
    assertThat(lines).hasSize(4);
    var select = new ObjectMapper().readTree(lines.get(2));
    assertThat(select.path("dateTime").asText()).isEqualTo("2026-11-30T16:05:07.089Z");
    assertThat(select.path("protocol").asText()).isEqualTo("imap");
    assertThat(select.path("sessionId").asText()).isEqualTo("00f1e2d3c4b5a697");
    assertThat(select.path("seqNumber").asLong()).isEqualTo(2);
    assertThat(select.path("sIp").asText()).isEqualTo("192.0.2.1:993");
    assertThat(select.path("cIp").asText()).isEqualTo("192.0.2.7:50123");
    assertThat(select.path("user").asText()).isEqualTo("alice@example.test");
    assertThat(select.path("duration").asLong()).isEqualTo(1);
    assertThat(select.path("rqsize").asLong()).isEqualTo(17);
    assertThat(select.path("rpsize").asLong()).isEqualTo(21);
    assertThat(select.path("command").asText()).isEqualTo("SELECT");
    assertThat(select.path("parameters").asText()).isEqualTo("\"a, b\"");
    assertThat(select.path("context").asText()).isEqualTo("R=no");
  }
}
