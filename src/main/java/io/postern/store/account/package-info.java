/**
 * Ports to accounts: their identity, permissions, verifiers, plans and grants, and deleted
 * accounts.
 *
 * <p>Holds {@code Accounts}, {@code AppPasswords}, {@code Grants}, {@code AccessLists}, {@code
 * Quotas}, {@code MailboxPlans} and {@code DeletedAccounts}, and their values. Imports {@code
 * model} and Mutiny. Must not know an adapter.
 *
 * <p>Laws: a verifier is a {@code Secret}, which no {@code toString} shows.
 */
package io.postern.store.account;
