package io.postern.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.transport.Listener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions leave when they are asked to, and never within a command. */
class DrainTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Loopback loopback = new Loopback();
  private final EchoProtocol protocol = new EchoProtocol(true);
  private final Listener listener = loopback.listen(protocol);

  @AfterEach
  void close() {
    loopback.close();
  }

  private Client client() throws Exception {
    return Client.connect(listener.port()).expect("* hello");
  }

  private EchoProtocol.EchoSession session() throws Exception {
    return protocol.opened.poll(20, SECONDS);
  }

  private CompletableFuture<Void> drain(Duration spread, Duration lastCommand) {
    return listener.drain(spread, lastCommand).subscribeAsCompletionStage().toCompletableFuture();
  }

  @Test
  void idleAndWaitingSessionsEndAtOnce() throws Exception {
    try (var quiet = client();
        var waiting = client()) {
      waiting.send("first\r\nLINE\r\n").expect("OK first");
      drain(Duration.ZERO, LONG).get(20, SECONDS);
      quiet.expect("* BYE SHUTDOWN").expectEnd();
      waiting.expect("* BYE SHUTDOWN").expectEnd();
    }
  }

  @Test
  void aRunningCommandIsAnsweredBeforeTheEnd() throws Exception {
    try (var busy = client()) {
      var session = session();
      busy.send("LATE\r\nnever run\r\n");
      assertThat(session.waits.await(20, SECONDS)).isTrue();
      var drained = drain(Duration.ZERO, LONG);
      session.ask(_ -> true);
      session.release();
      busy.expect("OK LATE", "* BYE SHUTDOWN").expectEnd();
      drained.get(20, SECONDS);
    }
  }

  @Test
  void pendingOutputIsSentBeforeTheEnd() throws Exception {
    try (var amidLiteral = client();
        var amidLine = client();
        var amidData = client()) {
      amidLiteral.send("a {3}\r\n").expect("+ OK");
      amidLine.send("a\r\nhalf a ").expect("OK a");
      amidData.send("DATA 100\r\n").expect("GO");
      var drained = drain(Duration.ZERO, LONG);
      amidLiteral.send("xyz\r\n").expect("OK a <xyz>", "* BYE SHUTDOWN").expectEnd();
      amidData.send("text\r\n.\r\n").expect("GOT 6 6", "* BYE SHUTDOWN").expectEnd();
      amidLine.send("line\r\n").expect("OK half a line", "* BYE SHUTDOWN").expectEnd();
      drained.get(20, SECONDS);
    }
  }

  @Test
  void drainingWaitsForACommandUpToItsLimit() throws Exception {
    try (var stuck = client()) {
      var session = session();
      stuck.send("WAIT\r\n");
      assertThat(session.waits.await(20, SECONDS)).isTrue();
      drain(Duration.ZERO, Duration.ofMillis(100)).get(20, SECONDS);
      stuck.expect("* BYE SHUTDOWN").expectEnd();
    }
  }

  @Test
  void aConnectionDuringADrainIsRefused() throws Exception {
    drain(Duration.ZERO, LONG).get(20, SECONDS);
    try (var late = Client.connect(listener.port())) {
      late.expect("* BYE SHUTDOWN").expectEnd();
    }
  }

  @Test
  void cancellingADrainKeepsTheRemainingSessions() throws Exception {
    var clients = new ArrayList<Client>();
    for (int i = 0; i < 3; i++) {
      clients.add(client());
    }
    var _ = drain(LONG, LONG);
    listener.resume();
    try (var another = client()) {
      another.send("a\r\n").expect("OK a");
    }
    int stayed = 0;
    for (var client : clients) {
      stayed += client.send("a\r\n").line().equals("OK a") ? 1 : 0;
      client.close();
    }
    // The first may have been asked before.
    assertThat(stayed).isGreaterThanOrEqualTo(2);
  }

  @Test
  void drainedSessionsEndOneAfterTheOther() throws Exception {
    var clients = new ArrayList<Client>();
    for (int i = 0; i < 5; i++) {
      clients.add(client());
    }
    var drained = drain(LONG, LONG);
    for (var client : clients) {
      client.expect("* BYE SHUTDOWN").expectEnd();
      client.close();
    }
    drained.get(20, SECONDS);
  }

  @Test
  void drainingIsSpreadOverFourFifthsOfTheTimeAtLeastTenASecond() {
    assertThat(Listener.evenly(4, Duration.ofMillis(100)))
        .containsExactly(
            Duration.ZERO, Duration.ofMillis(20), Duration.ofMillis(40), Duration.ofMillis(60));
    // Delays in whole milliseconds do not decrease.
    assertThat(Listener.evenly(100_000, Duration.ofSeconds(30)).skip(99_999))
        .containsExactly(Duration.ofNanos(23_999_760_000L));
    assertThat(Listener.evenly(3, LONG))
        .containsExactly(Duration.ZERO, Duration.ofMillis(100), Duration.ofMillis(200));
    assertThat(Listener.evenly(2, Duration.ZERO)).containsExactly(Duration.ZERO, Duration.ZERO);
    assertThat(Listener.evenly(0, LONG)).isEmpty();
  }

  @Test
  void settingsReachOpenSessions() throws Exception {
    try (var quiet = client()) {
      protocol.silence = Duration.ofMillis(100);
      loopback.sessions.settingsChanged();
      quiet.expect("* BYE IDLE_TIMEOUT").expectEnd();
    }
  }
}
