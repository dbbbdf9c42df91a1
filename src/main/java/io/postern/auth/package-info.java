/**
 * Who is it: names, passwords and SASL.
 *
 * <p>Holds {@code Login}, the one question a protocol asks; {@code Sasl} with a file for each
 * mechanism; {@code Passwords}, the only slow sum of the house, run on {@code Workers}; and {@code
 * Credentials}, which spares reconnecting clients that sum for a while. Imports {@code model}, the
 * store ports, Mutiny and Vert.x's context. Must not know a protocol, a socket or SQL.
 *
 * <p>Laws: an unknown name, a wrong password and a disabled account get the same answer after the
 * same work. A secret is in no {@code toString}, log or message. How many hashes are computed at
 * once, and how many wait, is bounded; so is every cache.
 *
 * <p>RFC 4422, RFC 4616, RFC 9106.
 */
package io.postern.auth;
