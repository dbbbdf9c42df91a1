/**
 * Splits octets into frames: lines, literals (RFC 3501 §4.3, RFC 7888) and message data (RFC 5321
 * §4.5.2).
 *
 * <p>Holds {@code Framer} with its {@code Frame}s, the command that is being received ({@code
 * PendingCommand}), and the phase of a connection with its times. Imports {@code wire} and {@code
 * wire.timer}. Must not know a socket or a protocol.
 *
 * <p>Laws: the same frames are found however the octets were split on their way; a line, a run of
 * empty lines and a literal are bounded in octets.
 */
package io.postern.wire.input;
