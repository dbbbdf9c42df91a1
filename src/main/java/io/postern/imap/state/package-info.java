/**
 * The state of an IMAP session, and how a command ends.
 *
 * <p>Holds {@code State}, {@code ConnectionState}, the {@code Outcome} of a command, which may
 * change both, and the outcomes of common failures ({@code ErrorResponses}, {@code
 * RefusedException}). Imports {@code response}, {@code selected}, {@code wire}, {@code auth},
 * {@code site.Sites} and the failures of the store. Must not know a command or an extension.
 *
 * <p>RFC 3501 §3 and §7.1, RFC 5530, RFC 2221 (REFERRAL).
 */
package io.postern.imap.state;
