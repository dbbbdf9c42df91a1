package io.postern.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.transport.SocketConnection;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimeoutsIT {
  private final Loopback loopback = new Loopback();
  private final EchoProtocol protocol = new EchoProtocol(true);

  @AfterEach
  void close() throws Exception {
    loopback.close();
  }

  @Test
  void aSilentClientGetsAFarewellAndIsDisconnected() throws Exception {
    protocol.silence = Duration.ofMillis(500);
    try (var client = connect()) {
      client.expect("* BYE IDLE_TIMEOUT").expectEnd();
      assertThat(protocol.closed.poll(20, SECONDS)).isEqualTo(CloseReason.IDLE_TIMEOUT);
    }
  }

  @Test
  void partsOfALineDoNotExtendTheTimeout() throws Exception {
    protocol.silence = Duration.ofMillis(500);
    try (var client = connect()) {
      var session = protocol.opened.poll(20, SECONDS);
      client.send("a");
      assertThat(session.asks(c -> ((SocketConnection) c).buffered() == 0)).isTrue();
      client.expect("* BYE IDLE_TIMEOUT").expectEnd();
    }
  }

  @Test
  void aSilentClientWhoseLineIsAwaitedIsDisconnected() throws Exception {
    protocol.silence = Duration.ofMillis(500);
    try (var client = connect()) {
      client.send("LINE\r\n").expect("* BYE IDLE_TIMEOUT").expectEnd();
    }
  }

  @Test
  void aRunningCommandDoesNotTimeOut() throws Exception {
    protocol.silence = Duration.ofMillis(500);
    try (var client = connect()) {
      var session = protocol.opened.poll(20, SECONDS);
      client.send("WAIT\r\n");
      assertThat(session.waits.await(20, SECONDS)).isTrue();
      // Three times as long, by the same clock.
      client.send("then\r\n");
      session.soon(1_500, session::release);
      client.expect("OK then", "* BYE IDLE_TIMEOUT").expectEnd();
    }
  }

  @Test
  void aLiteralThatStopsComingEndsTheConnection() throws Exception {
    stallAfter(150);
    try (var client = connect()) {
      client.send("a {101}\r\n").expect("+ OK");
      client.send("half").expect("* BYE STALLED").expectEnd();
      assertThat(protocol.closed.poll(20, SECONDS)).isEqualTo(CloseReason.STALLED);
      assertThat(protocol.sinks.getFirst().abandoned.await(20, SECONDS)).isTrue();
    }
  }

  @Test
  void dataThatStopsComingEndsTheConnection() throws Exception {
    stallAfter(150);
    try (var client = connect()) {
      client.send("DATA 100\r\nhalf\r\n").expect("GO", "* BYE STALLED").expectEnd();
      assertThat(protocol.sinks.getFirst().abandoned.await(20, SECONDS)).isTrue();
    }
  }

  @Test
  void aClientThatReadsNothingIsDisconnected() throws Exception {
    stallAfter(300);
    try (var client = connect()) {
      client.send("OUT 10000\r\n");
      assertThat(protocol.closed.poll(20, SECONDS)).isEqualTo(CloseReason.STALLED);
      assertThat(loopback.sessions.count()).isZero();
    }
  }

  @Test
  void delayedTasksRunOnceUnlessCancelled() throws Exception {
    try (var client = connect()) {
      client.send("SOON\r\n").expect("* late");
      client.send("next\r\n").expect("OK next");
    }
  }

  @Test
  void theWheelStopsWhenNothingWaits() throws Exception {
    var wheel = loopback.wheels.getFirst();
    var fired = new java.util.concurrent.LinkedBlockingQueue<Integer>();
    wheel
        .context()
        .runOnContext(
            there -> {
              wheel.after(250, () -> fired.add(3));
              wheel.after(120, () -> fired.add(2));
              wheel.after(0, () -> fired.add(1));
              wheel.after(60_000, () -> fired.add(9)).cancel();
            });
    assertThat(fired.poll(20, SECONDS)).isEqualTo(1);
    assertThat(fired.poll(20, SECONDS)).isEqualTo(2);
    assertThat(fired.poll(20, SECONDS)).isEqualTo(3);
    var still = new java.util.concurrent.CompletableFuture<Boolean>();
    wheel.context().runOnContext(there -> still.complete(wheel.turning()));
    assertThat(still.get(20, SECONDS)).isFalse();
  }

  private void stallAfter(long millis) {
    loopback.limits = Loopback.limits(Duration.ofMillis(millis), Duration.ofMillis(200));
  }

  private Client connect() throws Exception {
    return Client.connect(loopback.listen(protocol).port()).expect("* hello");
  }
}
