package io.postern.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.Eventually;
import io.postern.admission.AdmissionControl;
import io.postern.cancellation.CancellationToken;
import io.postern.model.MailProtocol;
import io.postern.tls.TlsSource;
import io.postern.wire.transport.Listener.Binding;
import io.postern.wire.transport.Listener.Tls;
import io.postern.wire.transport.SocketConnection;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of a connection cancels its work, and it is counted until that has ended. */
class CancelledWorkTest {
  private static final int SENT_AHEAD = 126 * 1024;

  private final Loopback loopback = new Loopback();
  private final Counts counts = new Counts();
  private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
  private final BlockingQueue<CancellationToken> tokens = new LinkedBlockingQueue<>();
  private final BlockingQueue<UniEmitter<? super Void>> works = new LinkedBlockingQueue<>();
  private final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();

  /** Counts admitted connections and their work. */
  private static final class Counts implements AdmissionControl {
    final BlockingQueue<Peer> left = new LinkedBlockingQueue<>();
    final BlockingQueue<Duration> work = new LinkedBlockingQueue<>();

    @Override
    public boolean trustsProxy(String peer) {
      return false;
    }

    @Override
    public void proxyRejected(MailProtocol protocol, ProxyRejection why) {}

    @Override
    public Uni<Decision> admit(Peer peer) {
      return Uni.createFrom().item(Decision.ADMITTED);
    }

    @Override
    public Duration charge(Peer peer, Duration done) {
      work.add(done);
      return Duration.ZERO;
    }

    @Override
    public void release(Peer peer) {
      left.add(peer);
    }
  }

  private final class Working implements Protocol {
    @Override
    public MailProtocol kind() {
      return MailProtocol.IMAP;
    }

    @Override
    public boolean literals() {
      return false;
    }

    @Override
    public Session open(Connection opened) {
      connections.add(opened);
      return new WorkingSession(opened);
    }
  }

  /** Runs the line: WORK until the test ends it, LINE, DATA, ROOM. */
  private final class WorkingSession implements Protocol.Session {
    private final Connection connection;

    WorkingSession(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void opened() {
      connection.out().write("* hello\r\n").flush();
    }

    @Override
    public Uni<LiteralPlan> literal(Request.Head head) {
      throw new IllegalStateException("no literals");
    }

    @Override
    public Uni<Void> command(Request request) {
      var word = request.texts().getFirst().toString();
      Uni<Void> work =
          switch (word) {
            case "LINE" -> connection.nextLine().replaceWithVoid();
            case "DATA" -> connection.data(new EchoProtocol(true).new Sink(), 10).replaceWithVoid();
            case "ROOM" -> fill();
            case "DONE" -> Uni.createFrom().voidItem();
            default ->
                CancellationToken.with(
                    token -> {
                      tokens.add(token);
                      return Uni.createFrom()
                          .emitter((UniEmitter<? super Void> it) -> works.add(it));
                    });
          };
      return work.onFailure().invoke(failures::add);
    }

    private Uni<Void> fill() {
      connection.out().write("x".repeat(50_000_000));
      return connection.out().room();
    }

    @Override
    public void lineTooLong(int limit, Request start) {}

    @Override
    public Buffer farewell(CloseReason reason) {
      return Buffer.buffer("* BYE\r\n");
    }

    @Override
    public void closed(CloseReason reason) {}
  }

  @AfterEach
  void close() throws Exception {
    loopback.close();
  }

  private Client client() throws Exception {
    var binding = new Binding("127.0.0.1", 0, Tls.NONE);
    var listener = loopback.listen(binding, new Working(), TlsSource.none(), counts);
    return Client.connect(listener.port()).expect("* hello");
  }

  @Test
  void theEndOfAConnectionCancelsItsCommandAndIsCountedUntilThatHasEnded() throws Exception {
    var client = client();
    client.send("WORK\r\n");
    var work = works.poll(20, SECONDS);
    var token = tokens.poll(20, SECONDS);
    assertThat(token.cancelled()).isFalse();
    assertThat(loopback.sessions.orphaned()).isZero();
    client.close();
    Eventually.holds("it is cancelled", token::cancelled);
    Eventually.holds("it is counted", () -> loopback.sessions.orphaned() == 1);
    Eventually.holds("the session has left the register", () -> loopback.sessions.count() == 0);
    assertThat(counts.left).isEmpty();
    work.fail(new CancellationException());
    assertThat(counts.left.poll(20, SECONDS).protocol()).isEqualTo(MailProtocol.IMAP);
    assertThat(counts.work.poll(20, SECONDS)).isPositive();
    Eventually.holds("none is counted", () -> loopback.sessions.orphaned() == 0);
  }

  /**
   * More than is read ahead: the kernel has the rest, and the end of the connection behind it. The
   * rest must fit the first receive window (64 KiB), or the end is never sent.
   */
  @Test
  void theEndOfAConnectionIsDetectedBehindUnreadOctets() throws Exception {
    var client = client();
    client.send("WORK\r\n");
    var token = tokens.poll(20, SECONDS);
    client.send("x\r\n".repeat(SENT_AHEAD / 3));
    client.close();
    Eventually.holds("it is cancelled", token::cancelled);
    works.poll(20, SECONDS).fail(new CancellationException());
    assertThat(counts.left.poll(20, SECONDS)).isNotNull();
  }

  @Test
  void aConnectionIsCountedUntilItsCommandHasEndedWhenTheServerCloses() throws Exception {
    var client = client();
    client.send("WORK\r\n");
    var work = works.poll(20, SECONDS);
    var connection = connections.poll(20, SECONDS);
    connection.context().runOnContext(_ -> connection.close(CloseReason.REVOKED));
    client.expect("* BYE").expectEnd();
    Eventually.holds("it is cancelled", tokens.poll(20, SECONDS)::cancelled);
    assertThat(counts.left).isEmpty();
    work.complete(null);
    assertThat(counts.left.poll(20, SECONDS)).isNotNull();
  }

  @Test
  void anIdleConnectionClosesAtOnce() throws Exception {
    var client = client();
    client.send("DONE\r\n");
    assertThat(counts.work.poll(20, SECONDS)).isNotNull();
    client.close();
    assertThat(counts.left.poll(20, SECONDS)).isNotNull();
    assertThat(loopback.sessions.orphaned()).isZero();
  }

  @Test
  void aCommandThatAwaitsALineEndsWithTheConnection() throws Exception {
    endsWithTheConnection("LINE\r\n");
  }

  @Test
  void aCommandThatAwaitsDataEndsWithTheConnection() throws Exception {
    endsWithTheConnection("DATA\r\nsome");
  }

  @Test
  void aCommandThatAwaitsRoomEndsWithTheConnection() throws Exception {
    endsWithTheConnection("ROOM\r\n");
  }

  private void endsWithTheConnection(String command) throws Exception {
    var client = client();
    client.send(command);
    var connection = connections.poll(20, SECONDS);
    Eventually.holds("it runs", () -> runs(connection));
    client.close();
    assertThat(failures.poll(20, SECONDS)).isInstanceOf(CancellationException.class);
    assertThat(counts.left.poll(20, SECONDS)).isNotNull();
  }

  private static boolean runs(Connection connection) {
    var there = new LinkedBlockingQueue<Boolean>();
    connection
        .context()
        .runOnContext(_ -> there.add(((SocketConnection) connection).traffic().octetsIn() > 0));
    try {
      return Boolean.TRUE.equals(there.poll(20, SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
