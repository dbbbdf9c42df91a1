/**
 * Administration API over HTTP: settings, services, sessions, checks of the store, renewals of
 * UIDVALIDITY, and what administrators did.
 *
 * <p>Holds one resource class for each noun; {@code CursorPage}, the page type of every list, and
 * {@code IfMatch}, which all resources use. Accounts are in {@code account}; {@code security} is
 * what every call passes. Imports {@code model}, {@code config}, the store ports and the session
 * registry. Must not know a protocol, an adapter or SQL, and never returns mail.
 *
 * <p>Laws: a call takes effect completely or not at all; if not, its problem states why. No call
 * blocks the event loop; no list is longer than its page.
 *
 * <p>RFC 9110, RFC 9457.
 */
package io.postern.admin;
