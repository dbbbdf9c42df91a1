package io.postern.store.account;

import java.util.Optional;

/**
 * What a password leaves behind: enough to know it again, not enough to tell it.
 *
 * @param password its hash: argon2id as a PHC string, or one brought along from elsewhere
 * @param scram what SCRAM-SHA-256 needs (RFC 5803 §2: cost, salt, both keys); empty until the
 *     password was seen
 */
public record Verifiers(Secret password, Optional<Secret> scram) {
  /** A hash alone. */
  public static Verifiers of(Secret password) {
    return new Verifiers(password, Optional.empty());
  }
}
