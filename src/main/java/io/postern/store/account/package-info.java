/**
 * The ports to accounts: who they are, what they may, how they prove it, and those that were
 * deleted.
 *
 * <p>Holds {@code Accounts}, {@code AppPasswords}, {@code Grants} and {@code DeletedAccounts}, and
 * the values they speak of. Imports {@code model} and Mutiny. Must not know an adapter.
 *
 * <p>Laws: a verifier is a {@code Secret}, which no {@code toString} shows.
 */
package io.postern.store.account;
