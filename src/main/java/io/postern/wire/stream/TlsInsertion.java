package io.postern.wire.stream;

import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;

/** Performs the TLS handshake on a socket, as the server. */
public final class TlsInsertion implements StageInsertion {
  private final NetSocket socket;

  public TlsInsertion(NetSocket socket) {
    this.socket = socket;
  }

  @Override
  public Future<Void> insert() {
    return socket.upgradeToSsl();
  }

  /**
   * The same when the beginning of the client's handshake has been read already.
   *
   * @param ahead the octets that were read
   */
  public Future<Void> insert(Buffer ahead) {
    var secure = insert();
    var pipeline = ((NetSocketInternal) socket).channelHandlerContext().pipeline();
    pipeline.fireChannelRead(Unpooled.wrappedBuffer(ahead.getBytes())).fireChannelReadComplete();
    return secure;
  }

  /**
   * During the handshake the socket delivers what was read as clear text; then decrypted octets.
   */
  @Override
  public boolean isActive() {
    return socket.isSsl();
  }
}
