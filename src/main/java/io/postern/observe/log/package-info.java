/**
 * Log lines of sessions and logins (the audit log), as text or JSON.
 *
 * <p>Imports {@code config}, {@code wire}, {@code auth}, {@code site.SiteMeter} and {@code
 * observe.meter}. Must not change anything.
 *
 * <p>Laws: a line about a session begins with {@code session} and its id. Passwords, tokens and the
 * text of messages are never logged.
 */
package io.postern.observe.log;
