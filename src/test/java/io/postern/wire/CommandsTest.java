package io.postern.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.Eventually;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommandsTest {
  private final Loopback loopback = new Loopback();
  private final EchoProtocol protocol = new EchoProtocol(true);
  private Client client;

  @BeforeEach
  void connect() throws Exception {
    client = Client.connect(loopback.listen(protocol).port()).expect("* hello");
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    loopback.close();
  }

  @Test
  void aThousandCommandsInOnePacketAreAnsweredInOrder() throws Exception {
    client.send(
        IntStream.range(0, 1000).mapToObj(i -> "c" + i + "\r\n").collect(Collectors.joining()));
    for (int i = 0; i < 1000; i++) {
      client.expect("OK c" + i);
    }
  }

  @Test
  void commandsBehindOneThatWaitsWait() throws Exception {
    client.send("LINE\r\nfor it\r\nthen\r\n").expect("LINE for it", "OK then");
    client.send("LINE\r\n");
    client.send("later\r\nthen\r\n").expect("LINE later", "OK then");
  }

  @Test
  void anAwaitedLineHasNoLiteral() throws Exception {
    client.send("LINE\r\n{5+}\r\nnext\r\n").expect("LINE {5+}", "OK next");
  }

  @Test
  void anAwaitedLineMayBeAsLongAsTheLimitAndNotLonger() throws Exception {
    var longest = "x".repeat(Loopback.LINE);
    client.send("LINE\r\n" + longest + "\r\n").expect("LINE " + longest);
    client
        .send("LINE\r\n" + longest + "x\r\nnext\r\n")
        .expect("LONG a line has at most 1000 octets", "OK next");
  }

  @Test
  void aLineMayBeAsLongAsTheLimitAndNotLonger() throws Exception {
    var longest = "x".repeat(Loopback.LINE);
    client.send(longest + "\r\n").expect("OK " + longest);
    client.send(longest + "x\r\nnext\r\n").expect("BAD more than 1000", "OK next");
  }

  @Test
  void heldLiteralsComeWithTheCommand() throws Exception {
    client.send("a {2+}\r\n\r\n ~{0+}\r\n {3}\r\n").expect("+ OK");
    client.send("xyz!\r\n").expect("OK a <", "> <> <xyz>!");
  }

  @Test
  void aLiteralIsDecidedWhenEarlierCommandsHaveEnded() throws Exception {
    client.send("LINE\r\n");
    client.send("it\r\na {3}\r\n").expect("LINE it", "+ OK");
    client.send("xyz\r\n").expect("OK a <xyz>");
  }

  @Test
  void aRefusedSynchronizingLiteralDoesNotCome() throws Exception {
    client.send("a {1+}\r\nx {50000000}\r\n").expect("NO too big");
    client.send("next\r\n").expect("OK next");
  }

  @Test
  void aRefusedNonSynchronizingLiteralIsDiscardedWithItsCommand() throws Exception {
    client.send("a {200+}\r\n" + "s".repeat(200) + " {50000000+}\r\n");
    var piece = "\r\nDATA 1\r\n".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 50; i++) {
      client.send(piece);
    }
    client.send(" {3+}\r\n\r\nx and\r\nnext\r\n").expect("NO too big", "OK next");
    assertThat(protocol.sinks.getFirst().abandoned.await(20, SECONDS)).isTrue();
  }

  @Test
  void anAbsurdLiteralEndsTheConnection() throws Exception {
    client.send("a {99999999999999999999+}\r\n").expect("NO too big", "* BYE ERRORS").expectEnd();
    assertThat(protocol.closed.poll(20, SECONDS)).isEqualTo(CloseReason.ERRORS);
  }

  @Test
  void aSpooledLiteralStreamsIntoItsSink() throws Exception {
    client.send("a {101}\r\n").expect("+ OK");
    client.send("x".repeat(101) + " b {100000+}\r\n" + "y".repeat(100_000) + "\r\n");
    client.expect("OK a <101 spooled 101> b <100000 spooled 100000>");
  }

  @Test
  void aFailedSinkGetsNoMoreOctetsAndTheCommandRuns() throws Exception {
    client.send("a {200}\r\n").expect("+ OK");
    client.send("FAIL");
    var sink = protocol.sinks.getFirst();
    assertThat(sink.begun.await(20, SECONDS)).isTrue();
    client.send("x".repeat(196) + " b\r\n").expect("OK a <200 spooled 4> b");
  }

  @Test
  void aSpooledLiteralIsAbandonedWhenTheClientGoes() throws Exception {
    client.send("a {101+}\r\n" + "x".repeat(101) + " {200+}\r\nhalf");
    Eventually.holds("both literals have a sink", () -> protocol.sinks.size() == 2);
    assertThat(protocol.sinks.get(1).begun.await(20, SECONDS)).isTrue();
    client.close();
    assertThat(protocol.closed.poll(20, SECONDS)).isEqualTo(CloseReason.CLIENT);
    for (var sink : protocol.sinks) {
      assertThat(sink.abandoned.await(20, SECONDS)).isTrue();
    }
  }

  @Test
  void dataGoesToTheCommandThatRuns() throws Exception {
    client.send("DATA 1000\r\n").expect("GO");
    client.send("a\r\n..\r\n.\r\nnext\r\n").expect("GOT 6 6", "OK next");
    client.send("DATA 3\r\nabcdef\r\n.\r\nnext\r\n").expect("GO", "GOT 8 3", "OK next");
    assertThat(protocol.sinks.getFirst().text).isEqualTo("a\r\n.\r\n");
    assertThat(protocol.sinks.get(1).text).isEqualTo("abc");
  }

  @Test
  void aFaultEndsItsConnectionOnly() throws Exception {
    try (var other = Client.connect(loopback.sessions.list().getFirst().local().port())) {
      other.expect("* hello");
      client.send("FAIL\r\nnext\r\n").expect("* BYE FAULT").expectEnd();
      other.send("still here\r\n").expect("OK still here");
      assertThat(protocol.closed.poll(20, SECONDS)).isEqualTo(CloseReason.FAULT);
    }
  }

  @Test
  void nothingIsSentAfterTheFarewell() throws Exception {
    client.send("BYE\r\nnext\r\n").expect("OK bye", "* BYE LOGOUT").expectEnd();
    assertThat(protocol.closed.poll(20, SECONDS)).isEqualTo(CloseReason.LOGOUT);
    assertThat(protocol.closed).isEmpty();
  }

  @Test
  void withoutLiteralsAnAnnouncementIsText() throws Exception {
    var plain = loopback.listen(new EchoProtocol(false));
    try (var other = Client.connect(plain.port())) {
      other.expect("* hello").send("a {3}\r\nb {3+}\r\n").expect("OK a {3}", "OK b {3+}");
    }
  }
}
