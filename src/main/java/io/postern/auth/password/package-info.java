/**
 * Passwords: their verifiers, and the slow hash computations that create and check them.
 *
 * <p>Holds {@code Passwords} with {@code SaslPrep}, {@code Argon2}, {@code ScramKeys} and {@code
 * ForeignHash}; {@code FailureTiming}, which equalises the time of failing checks; {@code
 * AppPasswordText}; {@code Workers}, the threads that hash; and {@code Credentials}, a cache that
 * spares reconnecting clients the hash for a while. Imports the store's types for verifiers, Bouncy
 * Castle and a SCRAM library. Must not know an account, a mechanism or a protocol.
 *
 * <p>Laws: a secret is in no {@code toString}, log or message. How many hashes are computed at
 * once, and how many wait, is bounded; so is every cache.
 *
 * <p>RFC 4013, RFC 5802, RFC 5803, RFC 9106.
 */
package io.postern.auth.password;
