package io.postern.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.transport.SocketConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections of one event loop are served in turn, however much work each has. */
class FairnessTest {
  private static final int COMMANDS = 3_000;

  private final Loopback loopback = new Loopback();
  private final EchoProtocol protocol = new EchoProtocol(true);
  private final List<Client> clients = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (var client : clients) {
      client.close();
    }
    loopback.close();
  }

  /** Two sessions of one event loop that have been sent all their commands, and wait. */
  private List<EchoProtocol.EchoSession> waiting() throws Exception {
    var listener = loopback.listen(protocol);
    var first = new HashMap<Object, EchoProtocol.EchoSession>();
    while (true) {
      var client = Client.connect(listener.port()).expect("* hello");
      clients.add(client);
      var session = protocol.opened.poll(20, SECONDS);
      client.send("WAIT\r\n");
      assertThat(session.waits.await(20, SECONDS)).isTrue();
      client.send("a\r\n".repeat(COMMANDS));
      assertThat(session.asks(c -> ((SocketConnection) c).buffered() == 3 * COMMANDS)).isTrue();
      var other = first.put(session.connection.context(), session);
      if (other != null) {
        return List.of(other, session);
      }
    }
  }

  @Test
  void thousandsOfCommandsOfOneClientDoNotDelayAnother() throws Exception {
    var both = waiting();
    both.getFirst()
        .ask(
            here -> {
              both.forEach(EchoProtocol.EchoSession::release);
              return true;
            });
    assertThat(both.getFirst().asks(c -> protocol.echoed.size() == 2 * COMMANDS)).isTrue();
    var order = List.copyOf(protocol.echoed);
    assertThat(order.indexOf(both.getLast())).isLessThan(COMMANDS / 2);
    assertThat(order.lastIndexOf(both.getFirst())).isGreaterThan(COMMANDS + COMMANDS / 2);
  }

  @Test
  void queuedCommandsAreDroppedWithTheirConnection() throws Exception {
    var both = waiting();
    both.getFirst()
        .ask(
            here -> {
              both.forEach(EchoProtocol.EchoSession::release);
              both.forEach(session -> session.connection.close(CloseReason.REVOKED));
              return true;
            });
    assertThat(protocol.closed.poll(20, SECONDS)).isEqualTo(CloseReason.REVOKED);
    assertThat(protocol.closed.poll(20, SECONDS)).isEqualTo(CloseReason.REVOKED);
    assertThat(protocol.echoed).hasSizeLessThan(COMMANDS);
  }

  @Test
  void anAwaitedLineOfAClosedConnectionIsNoFault() throws Exception {
    var listener = loopback.listen(protocol);
    var client = Client.connect(listener.port()).expect("* hello");
    var session = protocol.opened.poll(20, SECONDS);
    client.send("WAITLINE\r\n");
    assertThat(session.waits.await(20, SECONDS)).isTrue();
    client.close();
    assertThat(protocol.closed.poll(20, SECONDS)).isEqualTo(CloseReason.CLIENT);
    session.ask(
        here -> {
          session.release();
          return true;
        });
    assertThat(protocol.failed).hasOnlyElementsOfType(CancellationException.class);
  }
}
