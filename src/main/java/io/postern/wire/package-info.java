/**
 * The interfaces between sockets and protocols: a connection, its output, requests, literals. Knows
 * no protocol.
 *
 * <p>Holds {@code Protocol}, which a protocol implements, and what its sessions use: {@code
 * Connection}, {@code Outbox}, {@code StreamStage}, {@code Request}, {@code Literal}, {@code
 * LiteralPlan}. {@code transport} implements them. Imports Vert.x buffers and Mutiny. Must not
 * parse the text of a line.
 *
 * <p>Laws: one event-loop context per connection, one command at a time, no lock, no blocking call.
 * A literal is decided before its first octet. Only {@code Outbox} writes to a socket.
 *
 * <p>RFC 3501 §4.3 and §7.5, RFC 7888, RFC 3516 §4.4 (literals).
 */
package io.postern.wire;
