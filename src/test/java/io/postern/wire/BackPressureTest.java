package io.postern.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.transport.SocketConnection;
import io.postern.wire.transport.SocketOutbox;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackPressureTest {
  private static final int PIECES = 1000;
  private static final int PIECE = 30_000;

  private final Loopback loopback = new Loopback();
  private final EchoProtocol protocol = new EchoProtocol(true);
  private Client client;
  private EchoProtocol.EchoSession session;

  @BeforeEach
  void connect() throws Exception {
    client = Client.connect(loopback.listen(protocol).port()).expect("* hello");
    session = protocol.opened.poll(20, SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    loopback.close();
  }

  @Test
  void aSlowReaderOfThirtyMegabytesHoldsAFewPieces() throws Exception {
    client.send("OUT " + PIECES + "\r\n");
    // The client takes nothing until the server waits for room.
    assertThat(session.waitedForRoom.await(20, SECONDS)).isTrue();
    client.skip((long) PIECES * PIECE);
    assertThat(client.line()).startsWith("MOST ");
    assertThat(session.mostUntaken).isBetween(PIECE, SocketOutbox.FULL + PIECE);
  }

  @Test
  void commandsOfAClientThatReadsNothingWait() throws Exception {
    var line = "x".repeat(900) + "\r\n";
    var sent = CompletableFuture.runAsync(() -> sendAll(line.repeat(20_000)));
    assertThat(session.asks(c -> c.out().full())).isTrue();
    for (int i = 0; i < 20_000; i++) {
      client.expect("OK " + "x".repeat(900));
    }
    sent.get(20, SECONDS);
    assertThat(session.mostUntaken).isLessThan(SocketOutbox.FULL + 2 * SocketOutbox.GATHERED);
  }

  @Test
  void aSlowSinkOfThirtyMegabytesHoldsAFewPieces() throws Exception {
    protocol.slow = true;
    var sent =
        CompletableFuture.runAsync(() -> sendAll("a {30000000+}\r\n" + "y".repeat(30_000_000)));
    assertThat(session.asks(c -> !protocol.sinks.isEmpty())).isTrue();
    var sink = protocol.sinks.getFirst();
    assertThat(sink.begun.await(20, SECONDS)).isTrue();
    // While the sink has one part, the client can send no more than the system's buffers take.
    assertThat(sent.isDone()).isFalse();
    long most = 0;
    while (sink.goOn() < 30_000_000) {
      most = Math.max(most, session.ask(c -> ((SocketConnection) c).buffered()));
    }
    sent.get(20, SECONDS);
    client.send("\r\n").expect("OK a <30000000 spooled 30000000>");
    assertThat(most).isLessThanOrEqualTo(64 * 1024 + 16 * 1024);
    assertThat(sink.largest).isLessThanOrEqualTo(16 * 1024);
  }

  @Test
  void pipelinedInputIsBounded() throws Exception {
    client.send("WAIT\r\n");
    var sent = CompletableFuture.runAsync(() -> sendAll("ahead\r\n".repeat(3_000_000)));
    assertThat(session.asks(c -> ((SocketConnection) c).buffered() >= 64 * 1024)).isTrue();
    long ahead = session.ask(c -> ((SocketConnection) c).buffered());
    assertThat(ahead).isLessThan(80 * 1024L);
    assertThat(sent.isDone()).isFalse();
  }

  private void sendAll(String text) {
    try {
      client.send(text);
    } catch (java.io.IOException gone) {
      // The test is over.
      assertThat(gone).isNotNull();
    }
  }
}
