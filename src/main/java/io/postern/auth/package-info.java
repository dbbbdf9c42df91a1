/**
 * Who is it: names, passwords and SASL.
 *
 * <p>Holds {@code Login}, the one question a protocol asks about an {@code LoginAttempt} of a
 * {@code Client}; {@code LoginPolicy}, which stands before and behind every attempt; {@code
 * Mechanisms}, what is offered; {@code LoginName}, the forms of login names; {@code
 * SessionRevocation}. Imports {@code model}, {@code config}, the store ports, {@code
 * auth.password}, Mutiny and Vert.x's context. Must not know a protocol, a socket or SQL.
 *
 * <p>Laws: an unknown name, a wrong password, a blocked, disabled or switched-off account, and
 * another's mailbox that is not granted get the same answer after the same work; why is told to the
 * gate only. Attempts count under the user that a name means. What the gate holds for an attempt is
 * given back before a client is awaited. A secret is in no {@code toString}, log or message.
 *
 * <p>RFC 4422.
 */
package io.postern.auth;
