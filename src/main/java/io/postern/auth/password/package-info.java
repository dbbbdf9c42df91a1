/**
 * Passwords: their verifiers, and the slow sums that make and check them.
 *
 * <p>Holds {@code Passwords} with {@code Prepared}, {@code Argon2}, {@code ScramKeys} and {@code
 * ForeignHash}; {@code FailureTiming}, how long those wait whose password is wrong; {@code
 * AppPasswordText}; {@code Workers}, on which the sums run; and {@code Credentials}, which spares
 * reconnecting clients that sum for a while. Imports the store's words for verifiers, Bouncy Castle
 * and SCRAM's sums. Must not know an account, a mechanism or a protocol.
 *
 * <p>Laws: a secret is in no {@code toString}, log or message. How many hashes are computed at
 * once, and how many wait, is bounded; so is every cache.
 *
 * <p>RFC 4013, RFC 5802, RFC 5803, RFC 9106.
 */
package io.postern.auth.password;
