package io.postern.wire.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.socket.DuplexChannel;
import io.postern.wire.limits.LoginLimits;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;

/** The reading side of a socket: when it is read and how it closes. On the connection's context. */
final class SocketInput {
  private final Vertx vertx;
  private final NetSocket socket;
  private final LoginLimits login;
  private final HangupProbe hangups;
  private boolean reading = true;

  SocketInput(Vertx vertx, NetSocket socket, LoginLimits login, HangupProbe hangups) {
    this.vertx = vertx;
    this.socket = socket;
    this.login = login;
    this.hangups = hangups;
  }

  /** Starts or stops reading. Without reading, the end of the connection is probed for. */
  void read(boolean read) {
    if (read == reading) {
      return;
    }
    reading = read;
    var context = ((NetSocketInternal) socket).channelHandlerContext();
    var channel = context.channel();
    if (read) {
      hangups.forget(channel);
      socket.resume();
      // Unless the reads that were kept back have paused it again.
      channel.config().setAutoRead(reading);
    } else {
      socket.pause();
      channel.config().setAutoRead(login.readsWhenPaused());
      hangups.watch(vertx, channel);
    }
  }

  /**
   * Closes the socket. While the client still sends, only output is shut down: further input is
   * read and discarded until the client closes or the connection is cut. A socket closed with
   * octets unread is reset, and the client may lose the last answer.
   *
   * @param sending whether the client is in the middle of a command
   */
  void close(boolean sending) {
    var channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
    if (sending && !socket.isSsl() && channel instanceof DuplexChannel duplex) {
      read(true);
      var _ =
          channel
              .writeAndFlush(Unpooled.EMPTY_BUFFER)
              .addListener(
                  written -> {
                    var _ = duplex.shutdownOutput();
                  });
    } else {
      socket.close();
    }
  }

  /** Closes the socket at once, whatever output the peer has not taken. */
  void cut() {
    // NetSocket.close() waits for the peer to take all; the handler beneath it does not.
    var _ = ((NetSocketInternal) socket).channelHandlerContext().close();
  }
}
