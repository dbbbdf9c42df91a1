/**
 * Log lines: of sessions, of commands (the protocol log), of logins (the audit log), as text or
 * JSON.
 *
 * <p>Imports {@code config}, {@code wire}, {@code auth} and {@code observe.meter}. Must not change
 * anything.
 *
 * <p>Laws: a line about a session begins with {@code session} and its id. Passwords, tokens and the
 * text of messages are never logged; of a command only known harmless words are ({@code
 * RedactedCommand}).
 */
package io.postern.observe.log;
