/**
 * Connections to other servers, as their client.
 *
 * <p>Holds {@code SocketDialer} and the {@code SocketStream}s that it opens. Imports Vert.x, Netty,
 * {@code wire} and its streams. Must not know a protocol.
 *
 * <p>Laws: a stream is used on the context on which it was opened. Whether the other side has
 * closed it in order is known by the close of TLS alone: the end of TCP is the same when a process
 * is killed.
 *
 * <p>RFC 8446 §6.1.
 */
package io.postern.wire.dial;
