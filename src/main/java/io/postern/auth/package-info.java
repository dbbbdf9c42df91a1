/**
 * Authentication: login names, passwords and SASL.
 *
 * <p>Holds {@code Login}, which decides a {@code LoginAttempt} of a {@code Client}; {@code
 * LoginPolicy}, which checks every attempt before and after its proof; {@code Mechanisms}, what is
 * offered; {@code LoginName}, the forms of login names; {@code SessionRevocation}. Imports {@code
 * model}, {@code config}, the store ports, {@code auth.password}, Mutiny and Vert.x's context. Must
 * not know a protocol, a socket or SQL.
 *
 * <p>Laws: an unknown name, a wrong password, a blocked, disabled or switched-off account, and
 * another's mailbox that is not granted get the same answer after the same work; only the policy
 * learns the reason. Attempts count under the user that a name means. The policy releases what it
 * holds for an attempt before a client is awaited. A secret is in no {@code toString}, log or
 * message.
 *
 * <p>RFC 4422.
 */
package io.postern.auth;
