/**
 * Bounds on what a connection may cost: octets of lines and literals, octets of all unauthenticated
 * connections together, the pace of commands before login.
 *
 * <p>Imports {@code wire.timer}. Must not know a socket or a protocol.
 *
 * <p>Laws: each bound is in octets or in time; a counted octet is given back when it is used or its
 * connection ends.
 */
package io.postern.wire.limits;
