package io.postern.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.admission.AdmissionControl;
import io.postern.model.MailProtocol;
import io.postern.tls.TlsSource;
import io.postern.wire.transport.Listener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListenerTest {
  private final Loopback loopback = new Loopback();
  private final EchoProtocol protocol = new EchoProtocol(true);

  @AfterEach
  void close() throws Exception {
    loopback.close();
  }

  @Test
  void connectionsAreSpreadOverTheEventLoops() throws Exception {
    var listener = loopback.listen(protocol);
    var clients = new ArrayList<Client>();
    var contexts = new HashSet<Object>();
    for (int i = 0; i < 8; i++) {
      clients.add(Client.connect(listener.port()).expect("* hello"));
      contexts.add(protocol.opened.poll(20, SECONDS).connection.context());
    }
    assertThat(contexts).hasSize(2);
    for (var client : clients) {
      client.send("a\r\n").expect("OK a").close();
    }
  }

  @Test
  void theRegistryListsOpenSessions() throws Exception {
    var listener = loopback.listen(protocol);
    try (var client = Client.connect(listener.port()).expect("* hello")) {
      var session = protocol.opened.poll(20, SECONDS);
      session.ask(
          c -> {
            c.user("alice@example.test");
            return true;
          });
      var open = loopback.sessions.list().getFirst();
      assertThat(open.id()).matches("[0-9a-f]{16}").isEqualTo(session.connection.id());
      assertThat(open.protocol()).isEqualTo(MailProtocol.IMAP);
      assertThat(open.user()).contains("alice@example.test");
      assertThat(open.secure()).isFalse();
      assertThat(loopback.sessions.count(MailProtocol.IMAP)).isEqualTo(1);
      assertThat(loopback.sessions.count(MailProtocol.POP3)).isZero();
      assertThat(loopback.sessions.close(open.id(), CloseReason.REVOKED)).isTrue();
      client.expect("* BYE REVOKED").expectEnd();
    }
    assertThat(protocol.closed.poll(20, SECONDS)).isEqualTo(CloseReason.REVOKED);
    assertThat(loopback.sessions.list()).isEmpty();
    assertThat(loopback.sessions.close("0123456789abcdef", CloseReason.REVOKED)).isFalse();
  }

  @Test
  void stoppingSendsFarewellsAndReleasesTheAddress() throws Exception {
    var listener = loopback.listen(protocol);
    var other = loopback.listen(protocol);
    int port = listener.port();
    try (var client = Client.connect(port).expect("* hello");
        var bystander = Client.connect(other.port()).expect("* hello")) {
      listener.stop().await().atMost(Duration.ofSeconds(20));
      client.expect("* BYE SHUTDOWN").expectEnd();
      bystander.send("a\r\n").expect("OK a");
      assertThatThrownBy(() -> Client.connect(port)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aCommandThatRunsIsAnsweredBeforeTheFarewellOfAShutdown() throws Exception {
    var listener = loopback.listen(protocol);
    try (var client = Client.connect(listener.port()).expect("* hello")) {
      // The answer to the first means that the second runs.
      client.send("a\r\nLATE\r\n").expect("OK a");
      var stopped = listener.stop().subscribeAsCompletionStage();
      // Runs behind the close, which waits for the command.
      var session = protocol.opened.poll(20, SECONDS);
      session.connection.context().runOnContext(_ -> session.release());
      client.expect("OK LATE").expect("* BYE SHUTDOWN").expectEnd();
      stopped.get(20, SECONDS);
    }
  }

  @Test
  void allSessionsCanBeClosedAtOnce() throws Exception {
    try (var one = Client.connect(loopback.listen(protocol).port()).expect("* hello");
        var two = Client.connect(loopback.listen(protocol).port()).expect("* hello")) {
      loopback.sessions.closeAll(CloseReason.SHUTDOWN).await().atMost(Duration.ofSeconds(20));
      assertThat(loopback.sessions.count()).isZero();
      one.expect("* BYE SHUTDOWN").expectEnd();
      two.expect("* BYE SHUTDOWN").expectEnd();
    }
  }

  @Test
  void anAddressInUseIsRefused() {
    int port = loopback.listen(protocol).port();
    assertThatThrownBy(() -> bindTo(loopback, port)).hasRootCauseInstanceOf(BindException.class);
  }

  /**
   * On one event loop: what frees the address is due before the last try, however late both are.
   */
  @Test
  void anAddressThatIsFreedAMomentLaterIsBoundAgain() throws Exception {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var scheduled = new CompletableFuture<Void>();
      loopback
          .wheels
          .getFirst()
          .context()
          .runOnContext(
              _ -> {
                loopback.vertx.setTimer(10, _ -> close(other));
                scheduled.complete(null);
              });
      scheduled.get(20, SECONDS);
      var listener = bindTo(loopback, other.getLocalPort());
      try (var client = Client.connect(listener.port()).expect("* hello")) {
        client.send("a\r\n").expect("OK a");
      }
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anAddressOfAnotherProcessIsRefused() throws Exception {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> bindTo(loopback, other.getLocalPort()))
          .hasRootCauseInstanceOf(BindException.class);
    }
  }

  @Test
  void twoListenersDoNotShareAnAddress() throws Exception {
    var free = loopback.listen(protocol);
    int port = free.port();
    free.stop().await().atMost(Duration.ofSeconds(20));
    var first = bindTo(loopback, port);
    assertThatThrownBy(() -> bindTo(loopback, port)).hasMessageContaining("in use");
    try (var client = Client.connect(port).expect("* hello")) {
      client.send("a\r\n").expect("OK a");
    }
    first.stop().await().atMost(Duration.ofSeconds(20));
    bindTo(loopback, port);
  }

  private Listener bindTo(Loopback there, int port) {
    return Loopback.started(
        new Listener(
            there.vertx,
            List.copyOf(there.wheels),
            new Listener.Binding("127.0.0.1", port, Listener.Tls.NONE),
            TlsSource.none(),
            protocol,
            () -> there.limits,
            there.sessions,
            AdmissionControl.OPEN));
  }
}
