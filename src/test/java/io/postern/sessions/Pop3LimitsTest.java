package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a POP3 client may send, and one octet or one error more. */
class Pop3LimitsTest {
  private static final int ERRORS = 10;
  private static final String NOT_PLAIN = "-ERR The response is malformed";

  private static Target target = new ForeignTarget("127.0.0.1:0");

  @BeforeAll
  static void start() {
    target = new MemoryTarget();
  }

  @AfterAll
  static void stop() {
    target.close();
  }

  private static ClientConnection greeted() throws IOException {
    var wire = new ClientConnection(target.host(), target.pop3Port());
    assertThat(Pop3Client.line(wire)).startsWith("+OK");
    return wire;
  }

  @Test
  void aCommandLineHas512OctetsAndNotOneMore() throws IOException {
    try (var wire = greeted()) {
      var line = "USER " + "x".repeat(512 - "USER ".length());
      assertThat(Pop3Client.say(wire, line)).startsWith("+OK");
      assertThat(Pop3Client.say(wire, line + "x"))
          .startsWith("-ERR A command line has at most 512");
    }
  }

  @Test
  void anInitialResponseMakesALineOf8KiBAndNotOneOctetMore() throws IOException {
    try (var wire = greeted()) {
      var verb = "AUTH  PLAIN ";
      var line = verb + "A".repeat(8 * 1024 - verb.length());
      assertThat(Pop3Client.say(wire, line)).startsWith(NOT_PLAIN);
      assertThat(Pop3Client.say(wire, line + "A")).startsWith("-ERR A command line has");
      assertThat(Pop3Client.say(wire, "CAPA")).startsWith("+OK");
    }
  }

  @Test
  void aLineOfAnExchangeHas16KiBAndNotOneOctetMore() throws IOException {
    try (var wire = greeted()) {
      var line = "A".repeat(16 * 1024);
      assertThat(Pop3Client.say(wire, "AUTH PLAIN")).startsWith("+ ");
      assertThat(Pop3Client.say(wire, line)).startsWith(NOT_PLAIN);
      assertThat(Pop3Client.say(wire, "AUTH PLAIN")).startsWith("+ ");
      assertThat(Pop3Client.say(wire, line + "A")).startsWith("-ERR a line has at most 16384");
      assertThat(Pop3Client.say(wire, "CAPA")).startsWith("+OK");
    }
  }

  @Test
  void theTenthErrorEndsTheSession() throws IOException {
    try (var wire = greeted()) {
      for (int i = 1; i < ERRORS; i++) {
        assertThat(Pop3Client.say(wire, "XTND")).startsWith("-ERR");
      }
      assertThat(Pop3Client.say(wire, "USER u")).startsWith("+OK");
      wire.send("XTND\r\n".repeat(ERRORS + 1));
      assertThat(wire.rest().lines()).hasSize(ERRORS + 1).last().asString().contains("Too many");
    }
  }
}
