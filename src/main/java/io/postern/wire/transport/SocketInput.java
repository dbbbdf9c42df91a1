package io.postern.wire.transport;

import io.postern.wire.limits.LoginLimits;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;

/** Whether a socket is read: the tap that bounds what a client sends ahead. */
final class SocketInput {
  private final NetSocket socket;
  private final LoginLimits login;
  private boolean reading = true;

  SocketInput(NetSocket socket, LoginLimits login) {
    this.socket = socket;
    this.login = login;
  }

  /** Reads it from now on, or does not. */
  void read(boolean read) {
    if (read == reading) {
      return;
    }
    reading = read;
    var channel = ((NetSocketInternal) socket).channelHandlerContext().channel().config();
    if (read) {
      socket.resume();
      // Unless what was kept back was too much again.
      channel.setAutoRead(reading);
    } else {
      socket.pause();
      channel.setAutoRead(login.readsWhenPaused());
    }
  }
}
