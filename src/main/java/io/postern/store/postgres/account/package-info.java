/**
 * Accounts in PostgreSQL: their verifiers, permissions, app passwords and grants.
 *
 * <p>Holds the adapters of {@code Accounts}, {@code AppPasswords} and {@code Grants}. Imports
 * {@code model}, the store ports, {@code tx} and {@code InitialMailboxes}, which creates a new
 * account's mailboxes. Must not know a message or a counter.
 *
 * <p>Laws: those of {@code store.postgres}. A verifier leaves this package as a {@code Secret}
 * only.
 */
package io.postern.store.postgres.account;
