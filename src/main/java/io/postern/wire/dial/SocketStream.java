package io.postern.wire.dial;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.handler.ssl.SslCloseCompletionEvent;
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

  /** Octets sent and not taken at which it is full. */
  private static final int FULL = 64 * 1024;

  private final NetSocket socket;
  private Consumer<End> ended = _ -> {};
  private Optional<End> end = Optional.empty();
  private boolean closedInOrder;
  private boolean closed;

  SocketStream(NetSocket socket) {
    this.socket = socket;
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
    var _ = socket.write(bytes);
  }

  @Override
  public boolean full() {
    return socket.writeQueueFull();
  }

  @Override
  public void onRoom(Runnable task) {
    socket.drainHandler(_ -> task.run());
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
  }
}
