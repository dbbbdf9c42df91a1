package io.postern.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.transport.Listener;
import io.postern.wire.transport.SocketOutbox;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection that is passed on to another server, which is a fake here. */
class PipeTest {
  private final Loopback loopback = new Loopback();
  private final PipedProtocol protocol = new PipedProtocol();
  private final PipedProtocol.Server server = protocol.server;
  private final Listener listener = loopback.listen(protocol);

  @AfterEach
  void close() {
    loopback.close();
  }

  private Socket client() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
    socket.setSoTimeout(20_000);
    read(socket.getInputStream(), "* hello\r\n");
    return socket;
  }

  private static void read(InputStream in, String expected) throws IOException {
    assertThat(new String(in.readNBytes(expected.length()), ISO_8859_1)).isEqualTo(expected);
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private void onContext(Runnable task) throws Exception {
    var connection = protocol.connections.peek();
    var done = new CountDownLatch(1);
    assertThat(connection).isNotNull();
    connection
        .context()
        .runOnContext(
            _ -> {
              task.run();
              done.countDown();
            });
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
  }

  private void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
  }

  private void fromServer(String text) throws Exception {
    onContext(() -> server.octets.accept(Buffer.buffer(text.getBytes(ISO_8859_1))));
  }

  @Test
  void octetsPassInBothDirectionsAsTheyAre() throws Exception {
    try (var client = client()) {
      send(client, "LOGIN\r\nahead {5}\r\n\0ab");
      read(client.getInputStream(), "OK you are in\r\n");
      assertThat(server.written.poll(20, TimeUnit.SECONDS)).isEqualTo("ahead {5}\r\n\0ab");
      send(client, "\u00ff\r");
      assertThat(server.written.poll(20, TimeUnit.SECONDS)).isEqualTo("\u00ff\r");
      fromServer("* \0\u00fe");
      read(client.getInputStream(), "* \0\u00fe");
    }
    await(server.closed);
    assertThat(protocol.ends.poll(20, TimeUnit.SECONDS)).isEqualTo(ServerStream.End.CLOSED);
  }

  @Test
  void aClientThatDoesNotReadPausesTheServer() throws Exception {
    try (var client = client()) {
      send(client, "LOGIN\r\n");
      read(client.getInputStream(), "OK you are in\r\n");
      var piece = "x".repeat(SocketOutbox.FULL);
      long sent = 0;
      while (server.paused.getCount() > 0) {
        fromServer(piece);
        sent += piece.length();
      }
      assertThat(server.resumed.getCount()).as("only the begin has resumed it").isEqualTo(1);
      for (long taken = 0; taken < sent; taken += piece.length()) {
        client.getInputStream().readNBytes(piece.length());
      }
      await(server.resumed);
    }
  }

  @Test
  void eachPieceIsTakenBeforeTheNextWhenMemoryIsScarce() throws Exception {
    var scarce = Runtime.getRuntime().maxMemory();
    loopback.sessions.output().add(scarce);
    try (var client = client()) {
      send(client, "LOGIN\r\n");
      read(client.getInputStream(), "OK you are in\r\n");
      var piece = "x".repeat(SocketOutbox.GATHERED);
      fromServer(piece);
      assertThat(server.paused.getCount()).as("it is paused").isZero();
      await(server.resumed);
      assertThat(loopback.sessions.output().used()).isEqualTo(scarce);
      read(client.getInputStream(), piece);
    }
  }

  /** As the TLS records of one read do. */
  @Test
  void whatTheServerSendsInOneTurnIsSentTogether() throws Exception {
    try (var client = client()) {
      send(client, "LOGIN\r\n");
      read(client.getInputStream(), "OK you are in\r\n");
      await(protocol.began);
      var connection = protocol.connections.peek();
      assertThat(connection).isNotNull();
      var out = (SocketOutbox) connection.out();
      var record = Buffer.buffer("x".repeat(SocketOutbox.GATHERED));
      var untaken = new ArrayList<Long>();
      onContext(
          () -> {
            for (int i = 0; i < 4; i++) {
              server.octets.accept(record);
              untaken.add(out.untaken() / SocketOutbox.GATHERED);
            }
          });
      assertThat(untaken).as("records that wait").containsExactly(1L, 2L, 3L, 0L);
      assertThat(server.paused.getCount()).as("it is not paused for that").isEqualTo(1);
      fromServer("end");
      read(client.getInputStream(), "x".repeat(4 * SocketOutbox.GATHERED) + "end");
    }
  }

  @Test
  void aServerThatDoesNotReadPausesTheClient() throws Exception {
    try (var client = client()) {
      send(client, "LOGIN\r\n");
      read(client.getInputStream(), "OK you are in\r\n");
      server.full = true;
      send(client, "first");
      assertThat(server.written.poll(20, TimeUnit.SECONDS)).isEqualTo("first");
      var connection = protocol.connections.peek();
      assertThat(connection).isNotNull();
      send(client, "second");
      assertThat(server.written.poll(300, TimeUnit.MILLISECONDS)).isNull();
      server.full = false;
      onContext(() -> server.room.run());
      assertThat(server.written.poll(20, TimeUnit.SECONDS)).isEqualTo("second");
    }
  }

  @Test
  void aBrokenServerIsReportedAtTheStartOfALine() throws Exception {
    try (var client = client()) {
      send(client, "LOGIN\r\n");
      read(client.getInputStream(), "OK you are in\r\n");
      fromServer("* 1 EXISTS\r");
      fromServer("\n");
      onContext(() -> server.end.accept(ServerStream.End.BROKEN));
      read(client.getInputStream(), "* 1 EXISTS\r\n* BYE HOME_LOST\r\n");
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(protocol.ends.poll(20, TimeUnit.SECONDS)).isEqualTo(ServerStream.End.BROKEN);
  }

  @Test
  void withinALineNothingIsAdded() throws Exception {
    try (var client = client()) {
      send(client, "LOGIN\r\n");
      read(client.getInputStream(), "OK you are in\r\n");
      fromServer("* 1 FETCH (BODY[] {10}\r\nabc");
      onContext(() -> server.end.accept(ServerStream.End.BROKEN));
      read(client.getInputStream(), "* 1 FETCH (BODY[] {10}\r\nabc");
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aServerThatClosesInOrderHasSaidGoodbyeItself() throws Exception {
    try (var client = client()) {
      send(client, "LOGIN\r\n");
      read(client.getInputStream(), "OK you are in\r\n");
      fromServer("* BYE\r\n");
      onContext(() -> server.end.accept(ServerStream.End.CLOSED));
      read(client.getInputStream(), "* BYE\r\n");
      read(client.getInputStream(), "* BYE LOGOUT\r\n");
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void silenceInBothDirectionsEndsIt() throws Exception {
    protocol.silence = Duration.ofMillis(300);
    try (var client = client()) {
      send(client, "LOGIN\r\n");
      read(client.getInputStream(), "OK you are in\r\n* BYE IDLE_TIMEOUT\r\n");
    }
    await(server.closed);
  }

  @Test
  void theSessionEndsWhenThePipeBegins() throws Exception {
    try (var client = client()) {
      send(client, "LOGIN\r\n");
      read(client.getInputStream(), "OK you are in\r\n");
      assertThat(protocol.closed.poll(20, TimeUnit.SECONDS)).isEqualTo(CloseReason.LOGOUT);
      var listed = loopback.sessions.list().getFirst();
      assertThat(listed.home()).as("it is listed as before").isPresent();
      loopback.sessions.close(listed.id(), CloseReason.REVOKED);
      read(client.getInputStream(), "* BYE REVOKED\r\n");
    }
    await(server.closed);
    loopback.sessions.closeAll(CloseReason.SHUTDOWN).await().atMost(Duration.ofSeconds(20));
    assertThat(loopback.sessions.count()).isZero();
    loopback.close();
    assertThat(protocol.closed).as("it has ended once").isEmpty();
  }

  /** Its session would allow what a client is allowed that has not logged in. */
  @Test
  void changedSettingsDoNotShortenItsSilence() throws Exception {
    protocol.silence = Duration.ofSeconds(1);
    try (var client = client()) {
      send(client, "LOGIN\r\n");
      read(client.getInputStream(), "OK you are in\r\n");
      await(protocol.began);
      loopback.sessions.settingsChanged();
      read(client.getInputStream(), "* BYE IDLE_TIMEOUT\r\n");
    }
  }

  @Test
  void aDrainEndsItAtTheStartOfALine() throws Exception {
    try (var client = client()) {
      send(client, "LOGIN\r\n");
      read(client.getInputStream(), "OK you are in\r\n");
      await(protocol.began);
      listener.drain(Duration.ZERO, Duration.ofSeconds(1)).await().atMost(Duration.ofSeconds(20));
      read(client.getInputStream(), "* BYE SHUTDOWN\r\n");
    }
    await(server.closed);
  }
}
