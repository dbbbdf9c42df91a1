/**
 * Administration over HTTP: settings, services, sessions, accounts, what was deleted of them, and
 * renewals of UIDVALIDITY.
 *
 * <p>Holds one resource for each noun; {@code CursorPage}, of which every list is made; {@code
 * door}, what every call passes. Imports {@code model}, {@code mime}, {@code config}, {@code auth},
 * the store ports and the register of sessions. Must not know a protocol, an adapter or SQL, and
 * shows nobody's mail.
 *
 * <p>Laws: a call is done wholly or not at all, and when not, its problem says why. Nothing blocks
 * the event loop; no list is longer than its page. What an account may no longer do ends at once in
 * its live sessions, on all replicas. A secret is shown once, to whom it was made for.
 *
 * <p>RFC 9110, RFC 9457.
 */
package io.postern.admin;
