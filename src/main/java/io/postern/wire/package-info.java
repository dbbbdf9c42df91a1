/**
 * Sockets and bytes: connections, lines, literals, order and back-pressure. Knows no protocol.
 *
 * <p>Imports Vert.x (and through it Netty's read sizes), Mutiny and {@code config}. Must not parse
 * what a line says.
 *
 * <p>Laws: one event-loop context per connection, one command at a time, no lock, no blocking call.
 * A literal is decided before its first byte. Nothing is unbounded: lines, held literals, what is
 * sent ahead, what is read only to be thrown away, the turn of a connection, output. Three taps
 * only: bytes sent ahead close the socket's, a literal's sink its own, untaken output the
 * session's. Sockets are written to by {@code Outbox} alone. What came in the clear behind the
 * command that starts TLS is never run.
 *
 * <p>RFC 3501 §4.3 and §7.5, RFC 7888, RFC 3516 §4.4 (literals); RFC 5321 §4.5.2 (message data);
 * RFC 2595 (STARTTLS).
 */
package io.postern.wire;
