/**
 * Accounts in PostgreSQL: their verifiers, what they may, passwords of single programs, grants.
 *
 * <p>Holds the adapters of {@code Accounts}, {@code AppPasswords} and {@code Grants}. Imports
 * {@code model}, the store ports, {@code tx} and {@code InitialMailboxes}, by which a new account
 * gets its mailboxes. Must not know a message or a counter.
 *
 * <p>Laws: those of {@code store.postgres}. A verifier leaves this room as a {@code Secret} only.
 */
package io.postern.store.postgres.account;
