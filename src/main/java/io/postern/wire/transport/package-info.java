/**
 * Sockets: listeners, connections, their output, the pipeline of their commands, and the registry
 * of open sessions.
 *
 * <p>Holds {@code Listener}, {@code SocketConnection}, {@code SocketOutbox}, {@code
 * CommandPipeline}, {@code LiteralTransfer}, {@code SessionWork} and {@code SessionRegistry}.
 * Imports Vert.x (and through it Netty's read sizes), {@code wire} and its rooms, {@code admission}
 * and {@code tls}. Must not parse the text of a line.
 *
 * <p>Laws: those of {@code wire}. Back-pressure acts in three places: octets sent ahead pause the
 * socket, a literal's sink pauses the literal, output that the client has not taken pauses the
 * session. The end of a connection cancels its work. Plaintext octets behind the command that
 * starts TLS are never run.
 *
 * <p>RFC 2595 (STARTTLS), RFC 3501 §7.5.
 */
package io.postern.wire.transport;
