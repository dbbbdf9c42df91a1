package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.stream.InflateDecoder;
import java.io.IOException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sessions that send and receive much under compression (RFC 4978), beside others. */
class CompressedSessionTest {
  private static Target target = new ForeignTarget("127.0.0.1:0");

  @BeforeAll
  static void start() {
    target = new MemoryTarget();
  }

  @AfterAll
  static void stop() {
    target.close();
  }

  private static ClientConnection compressed() throws IOException {
    var wire = loggedIn();
    wire.send("c COMPRESS DEFLATE\r\n");
    assertThat(answered(wire, "c ")).startsWith("c OK");
    wire.deflate();
    return wire;
  }

  private static ClientConnection loggedIn() throws IOException {
    var login = target.account();
    var wire = new ClientConnection(target.host(), target.imapPort());
    answered(wire, "* ");
    wire.send("a LOGIN " + login.name() + " " + login.password() + "\r\n");
    answered(wire, "a ");
    return wire;
  }

  private static String answered(ClientConnection wire, String tag) throws IOException {
    var answer = wire.answer(Instant.now().plus(ScriptReader.PATIENCE));
    while (!answer.startsWith(tag)) {
      answer = wire.answer(Instant.now().plus(ScriptReader.PATIENCE));
    }
    return answer;
  }

  @Test
  void aLargeMessagePassesBothWays() throws IOException {
    var random = new Random(1);
    var message = new StringBuilder("Subject: large\r\n\r\n");
    while (message.length() < 3_000_000) {
      message.append((char) (random.nextInt(8) == 0 ? '\n' : 'a' + random.nextInt(20)));
    }
    try (var wire = compressed()) {
      wire.send("d APPEND INBOX {" + message.length() + "+}\r\n" + message + "\r\n");
      assertThat(answered(wire, "d ")).startsWith("d OK");
      wire.send("e SELECT INBOX\r\nf FETCH 1 BODY.PEEK[]\r\n");
      answered(wire, "e ");
      assertThat(answered(wire, "* 1 FETCH")).endsWith("\r\n" + message + ")");
    }
  }

  @Test
  void theSocketIsReadAgainAfterFlushesThatAreAsLongAsAPiece() throws IOException {
    try (var wire = compressed()) {
      for (int round = 0; round < 4; round++) {
        wire.send("l NOOP " + "x".repeat(InflateDecoder.PIECE - 7));
        wire.send("x".repeat(InflateDecoder.PIECE));
        wire.send("\r\n");
        assertThat(answered(wire, "l ")).startsWith("l BAD");
      }
    }
  }

  @Test
  void manyCommandsInFewCompressedOctetsAreAllAnswered() throws IOException {
    int commands = 20_000;
    try (var wire = compressed()) {
      wire.send("n NOOP\r\n".repeat(commands));
      for (int i = 0; i < commands; i++) {
        assertThat(wire.line(Instant.now().plus(ScriptReader.PATIENCE))).startsWith("n OK");
      }
    }
  }

  @Test
  void eachFlushIsAnsweredWithoutMoreInput() throws IOException {
    try (var wire = compressed()) {
      for (char octet : "x1 NOOP\r\n".toCharArray()) {
        wire.send(String.valueOf(octet));
      }
      assertThat(answered(wire, "x1 ")).startsWith("x1 OK");
    }
  }

  @Test
  void aBombEndsItsOwnSessionAndNoOther() throws IOException {
    try (var bomber = compressed();
        var other = loggedIn()) {
      bomber.sendUntilCut("b NOOP " + "x".repeat(100_000_000));
      other.send("o NOOP\r\n");
      assertThat(answered(other, "o ")).startsWith("o OK");
      assertThat(answered(bomber, "* BYE")).contains("too large");
    }
  }

  @Test
  void whatIsNotCompressedEndsTheSession() throws IOException {
    try (var wire = loggedIn()) {
      wire.send("c COMPRESS DEFLATE\r\n");
      answered(wire, "c ");
      wire.send("d NOOP\r\n");
      assertThat(wire.rest()).doesNotContain("d OK");
    }
  }

  /** It was reported as too many errors. */
  @Test
  void whatCannotBeDecompressedIsNamed() throws IOException {
    try (var wire = compressed()) {
      wire.sendUncompressed("NOOP\r\n");
      assertThat(answered(wire, "* BYE")).contains("cannot be decompressed");
    }
  }
}
