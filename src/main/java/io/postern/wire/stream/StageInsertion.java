package io.postern.wire.stream;

import io.postern.wire.StreamStage;
import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;

/** The insertion of a {@link StreamStage} into the channel of one socket. On its context. */
interface StageInsertion {
  /**
   * The insertion of a stage into a socket.
   *
   * @param deflate has the connection compress
   */
  static StageInsertion of(StreamStage stage, NetSocket socket, Runnable deflate) {
    return switch (stage) {
      case TLS -> new TlsInsertion(socket);
      case DEFLATE -> new DeflateInsertion(deflate);
    };
  }

  /**
   * Puts the stage between the socket and the connection: the handlers of TLS into the channel,
   * compression before what the connection writes. Completes when octets pass through them in both
   * directions; fails when the peer does not take part, and the connection cannot be used any more.
   */
  Future<Void> insert();

  /**
   * Whether octets that arrive have passed through the stage. True shortly before {@link #insert}
   * completes.
   */
  boolean isActive();
}
