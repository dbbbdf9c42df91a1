package io.postern.wire.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;

/**
 * Sends what is written to a socket in one turn of its event loop by one system call. A socket that
 * passes on what another one receives is written to once for each TLS record, of 16 KiB. Netty's
 * FlushConsolidationHandler counts flushes in place of octets, so that a large write would wait for
 * the end of the turn, too, and pause its source.
 */
public final class FlushConsolidation extends ChannelOutboundHandlerAdapter {
  /** Octets that are sent without waiting for the end of the turn. */
  private static final int MOST = 64 * 1024;

  private long written;
  private boolean scheduled;

  private FlushConsolidation() {}

  /** From now on; on the context of the socket. */
  public static void begin(NetSocket socket) {
    var context = ((NetSocketInternal) socket).channelHandlerContext();
    context.pipeline().addBefore(context.name(), "flush-consolidation", new FlushConsolidation());
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    written += message instanceof ByteBuf octets ? octets.readableBytes() : MOST;
    var _ = context.write(message, promise);
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    if (written == 0 || written >= MOST) {
      flushNow(context);
    } else if (!scheduled) {
      scheduled = true;
      context.executor().execute(() -> endOfTurn(context));
    }
  }

  private void endOfTurn(ChannelHandlerContext context) {
    scheduled = false;
    if (written > 0) {
      flushNow(context);
    }
  }

  private void flushNow(ChannelHandlerContext context) {
    written = 0;
    context.flush();
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    endOfTurn(context);
    var _ = context.close(promise);
  }
}
