/**
 * Sockets: listeners, the connections that they accept, and their output.
 *
 * <p>Holds {@code Listener} and {@code ConnectionAcceptor}; {@code SocketConnection} with its
 * {@code SocketOutbox}, {@code SocketInput}, {@code Timeouts} and {@code ConnectionEnd}; {@code
 * Piping} and {@code SocketSiteLink}, by which connections are passed on between sites. Imports
 * Vert.x (and through it Netty's read sizes), {@code wire} and its rooms, {@code admission} and
 * {@code tls}. Must not parse the text of a line.
 *
 * <p>Laws: those of {@code wire}. Back-pressure acts in four places: octets sent ahead pause the
 * socket, a literal's sink pauses the literal, output that the client has not taken pauses the
 * session, and each side of a pipe the other. Octets pass through a pipe as they are. The end of a
 * connection cancels its work.
 *
 * <p>RFC 3501 §7.5.
 */
package io.postern.wire.transport;
