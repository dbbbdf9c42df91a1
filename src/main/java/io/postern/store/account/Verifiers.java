package io.postern.store.account;

import java.util.Optional;

/**
 * The stored verifiers of a password: they recognise it and do not reveal it.
 *
 * @param password its hash: argon2id as a PHC string, or one imported from another server
 * @param scram what SCRAM-SHA-256 needs (RFC 5803 §2: cost, salt, both keys); empty until a login
 *     has shown the password
 */
public record Verifiers(Secret password, Optional<Secret> scram) {
  /** A hash alone. */
  public static Verifiers of(Secret password) {
    return new Verifiers(password, Optional.empty());
  }
}
