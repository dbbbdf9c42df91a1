/**
 * Sockets and bytes: connections, lines, literals, order and back-pressure. Knows no protocol.
 *
 * <p>Imports Vert.x, Mutiny and {@code config}. Must not parse what a line says.
 *
 * <p>Laws: one event-loop context per connection, one command at a time, no lock, no blocking call.
 * A literal is decided before its first byte. Nothing is unbounded: lines, held literals, queued
 * commands, output. Three taps only: queued commands close the socket's, a literal's sink its own,
 * a full write queue the session's output. Sockets are written to by {@code Outbox} alone.
 */
package io.postern.wire;
