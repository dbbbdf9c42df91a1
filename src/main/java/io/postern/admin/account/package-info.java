/**
 * Accounts over HTTP: their rights, quotas, passwords, app passwords and delegates; how their
 * messages are shown; deleted accounts; expunged messages; and the UIDVALIDITYs of an account.
 *
 * <p>Holds one resource class for each noun, and {@code Directory}, which finds the account that a
 * path names. Imports {@code admin} (pages, entity tags), {@code admin.security}, {@code model},
 * {@code mime}, {@code auth} and the store ports. Must not know a protocol, an adapter or SQL, and
 * never returns mail.
 *
 * <p>Laws: a withdrawn right ends at once in the account's live sessions, on all replicas. A secret
 * is returned once, to its creator.
 *
 * <p>RFC 9110, RFC 9457.
 */
package io.postern.admin.account;
