package io.postern.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.postern.model.MailProtocol;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;

/** Connects each client with a fake server at its first command. */
final class PipedProtocol implements Protocol {
  /** What the pipe does with the other server's connection; used on the connection's context. */
  static final class Server implements ServerStream {
    final BlockingQueue<String> written = new LinkedBlockingQueue<>();
    final CountDownLatch paused = new CountDownLatch(1);
    final CountDownLatch resumed = new CountDownLatch(2);
    final CountDownLatch closed = new CountDownLatch(1);
    volatile boolean full;
    Consumer<Buffer> octets = _ -> {};
    Consumer<End> end = _ -> {};
    Runnable room = () -> {};

    @Override
    public Optional<SSLSession> tls() {
      return Optional.empty();
    }

    @Override
    public void write(Buffer bytes) {
      written.add(bytes.toString(ISO_8859_1));
    }

    @Override
    public boolean full() {
      return full;
    }

    @Override
    public void onRoom(Runnable task) {
      room = task;
    }

    @Override
    public void onOctets(Consumer<Buffer> handler) {
      octets = handler;
    }

    @Override
    public void onEnd(Consumer<End> handler) {
      end = handler;
    }

    @Override
    public void pause() {
      paused.countDown();
    }

    @Override
    public void resume() {
      resumed.countDown();
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  final Server server = new Server();
  final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();
  final BlockingQueue<ServerStream.End> ends = new LinkedBlockingQueue<>();
  final BlockingQueue<CloseReason> closed = new LinkedBlockingQueue<>();
  final CountDownLatch began = new CountDownLatch(1);
  volatile Duration silence = Duration.ofMinutes(1);

  @Override
  public MailProtocol kind() {
    return MailProtocol.IMAP;
  }

  @Override
  public boolean literals() {
    return true;
  }

  @Override
  public Buffer farewell(CloseReason reason) {
    return Buffer.buffer("* BYE " + reason + "\r\n");
  }

  @Override
  public Session open(Connection connection) {
    connections.add(connection);
    return new PipedSession(connection);
  }

  private Pipe pipe() {
    return new Pipe(
        server,
        Buffer.buffer("OK you are in\r\n"),
        "alice",
        "east",
        silence,
        Duration.ZERO,
        new Pipe.Observer() {
          @Override
          public void began() {
            began.countDown();
          }

          @Override
          public void ended(ServerStream.End how) {
            ends.add(how);
          }
        });
  }

  private final class PipedSession implements Protocol.Session {
    private final Connection connection;

    PipedSession(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void opened() {
      connection.out().write("* hello\r\n");
    }

    @Override
    public Uni<LiteralPlan> literal(Request.Head head) {
      throw new AssertionError("no literal is sent");
    }

    @Override
    public Uni<Void> command(Request request) {
      connection.sites().pipe(pipe());
      return Uni.createFrom().voidItem();
    }

    @Override
    public void lineTooLong(int limit, Request start) {
      throw new AssertionError("no long line is sent");
    }

    @Override
    public void settingsChanged() {
      connection.timeout(Duration.ofMillis(1), CloseReason.LOGIN_TIMEOUT);
    }

    @Override
    public Buffer farewell(CloseReason reason) {
      throw new AssertionError("the session has ended when it is piped");
    }

    @Override
    public void closed(CloseReason reason) {
      closed.add(reason);
    }
  }
}
