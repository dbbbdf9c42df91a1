package io.postern.wire.dial;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.postern.wire.OutputBudget;
import io.postern.wire.ServerStream;
import io.postern.wire.stream.FlushConsolidation;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;

/** A stream over a Vert.x socket. */
public final class SocketStream implements ServerStream {
  private static final Logger LOG = System.getLogger(SocketStream.class.getName());

  /** Octets sent and not taken at which it is full; it has room again at half of it. */
  static final int FULL = 64 * 1024;

  /** Seconds that a closed connection has to send its last output before it is cut. */
  private static final int FAREWELL_SECONDS = 5;

  private final NetSocket socket;
  private final OutputBudget budget;

  /** Octets sent and not taken. */
  private long untaken;

  private Runnable room = () -> {};
  private Consumer<End> ended = _ -> {};
  private Optional<End> end = Optional.empty();
  private boolean closedInOrder;
  private boolean closed;

  /**
   * @param budget of the node; while it is spent, the stream is full when anything is not taken
   */
  SocketStream(NetSocket socket, OutputBudget budget) {
    this.socket = socket;
    this.budget = budget;
    socket.pause();
    socket.setWriteQueueMaxSize(FULL);
    var context = ((NetSocketInternal) socket).channelHandlerContext();
    // One read a turn: what a paused socket has read is held for it. The allocator is that of this
    // channel; another one would not be used, because the handshake has read by it.
    if (context.channel().config().getRecvByteBufAllocator()
        instanceof MaxMessagesRecvByteBufAllocator reads) {
      reads.maxMessagesPerRead(1);
    }
    context.pipeline().addBefore(context.name(), "end-of-tls", new EndOfTls());
    FlushConsolidation.begin(socket);
    socket.exceptionHandler(why -> LOG.log(Level.DEBUG, () -> "a connection broke: " + why));
    // Not the close handler, which is called before a paused socket has passed on what it has read.
    socket.endHandler(_ -> gone());
  }

  /** Notes that the other side has closed TLS. */
  private final class EndOfTls extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
      if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
        closedInOrder = true;
      }
      super.userEventTriggered(context, event);
    }
  }

  private void gone() {
    var how = closedInOrder ? End.CLOSED : End.BROKEN;
    end = Optional.of(how);
    if (!closed) {
      ended.accept(how);
    }
  }

  @Override
  public Optional<SSLSession> tls() {
    return Optional.ofNullable(socket.sslSession());
  }

  @Override
  public void write(Buffer bytes) {
    int octets = bytes.length();
    untaken += octets;
    budget.add(octets);
    socket.write(bytes).onComplete(_ -> taken(octets));
  }

  private void taken(int octets) {
    untaken -= octets;
    budget.add(-octets);
    boolean half = untaken <= FULL / 2 && untaken + octets > FULL / 2;
    if (!closed && (half || untaken == 0)) {
      room.run();
    }
  }

  @Override
  public boolean full() {
    return untaken >= (budget.spent() ? 1 : FULL);
  }

  @Override
  public void onRoom(Runnable task) {
    room = task;
  }

  @Override
  public void onOctets(Consumer<Buffer> handler) {
    socket.handler(handler::accept);
  }

  @Override
  public void onEnd(Consumer<End> handler) {
    ended = handler;
    end.ifPresent(handler);
  }

  @Override
  public void pause() {
    socket.pause();
  }

  @Override
  public void resume() {
    socket.resume();
  }

  @Override
  public void close() {
    closed = true;
    socket.close();
    if (untaken > 0) {
      // That waits until the other side has taken all, or TCP gives up, which is minutes later.
      var loop = ((NetSocketInternal) socket).channelHandlerContext().executor();
      var _ = loop.schedule(this::cut, FAREWELL_SECONDS, SECONDS);
    }
  }

  private void cut() {
    var _ = ((NetSocketInternal) socket).channelHandlerContext().close();
  }
}
