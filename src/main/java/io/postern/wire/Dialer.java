package io.postern.wire;

import io.smallrye.mutiny.Uni;

/** Connects to other servers. */
@FunctionalInterface
public interface Dialer {
  /**
   * Connects, on the event-loop context of the caller. The stream is paused, and delivers nothing
   * before {@link ServerStream#resume}.
   *
   * @param host a name or an address
   * @return fails when the connection or its TLS handshake fails
   */
  Uni<ServerStream> dial(String host, int port);
}
