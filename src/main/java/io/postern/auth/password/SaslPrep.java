package io.postern.auth.password;

import com.ongres.scram.common.StringPreparation;
import io.postern.store.account.Secret;
import java.util.Optional;

/**
 * Prepares passwords for hashing, so that a password fits both as it is and through SCRAM, whose
 * clients prepare it (RFC 5802 §2.2).
 */
final class SaslPrep {
  private SaslPrep() {}

  /** Prepares by SASLprep (RFC 4013 §2); empty when it prohibits the password. */
  static Optional<Secret> strict(Secret password) {
    try {
      var text = StringPreparation.SASL_PREPARATION.normalize(password.reveal().toCharArray());
      return Optional.of(new Secret(new String(text)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      // It contains what SASLprep prohibits; or nothing is left of it, and the library reads its
      // first character all the same.
      return Optional.empty();
    }
  }

  /**
   * The same, but the password as it is where RFC 4616 §2 would refuse it: a password with a
   * character that SASLprep does not know, such as a newer emoji, works, but not with SCRAM.
   */
  static Secret lenient(Secret password) {
    return strict(password).orElse(password);
  }
}
