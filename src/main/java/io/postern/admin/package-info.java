/**
 * Administration API over HTTP: settings, services, sessions, accounts, deleted accounts, expunged
 * messages, and renewals of UIDVALIDITY.
 *
 * <p>Holds one resource class for each noun; {@code CursorPage}, the page type of every list;
 * {@code security}, which every call passes. Imports {@code model}, {@code model.message}, {@code
 * mime}, {@code config}, {@code auth}, the store ports and the session registry. Must not know a
 * protocol, an adapter or SQL, and never returns mail.
 *
 * <p>Laws: a call takes effect completely or not at all; if not, its problem states why. No call
 * blocks the event loop; no list is longer than its page. A withdrawn right ends at once in the
 * account's live sessions, on all replicas. A secret is returned once, to its creator.
 *
 * <p>RFC 9110, RFC 9457.
 */
package io.postern.admin;
