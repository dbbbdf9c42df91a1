package io.postern.auth.password;

import com.ongres.scram.common.StringPreparation;
import io.postern.store.account.Secret;
import java.util.Optional;

/**
 * The form in which passwords are hashed, so that one opens whichever way it came: as it is, or
 * through SCRAM, whose clients prepare it (RFC 5802 §2.2).
 */
final class Prepared {
  private Prepared() {}

  /** As SASLprep has it (RFC 4013 §2); empty when that allows no such password. */
  static Optional<Secret> strictly(Secret password) {
    try {
      var text = StringPreparation.SASL_PREPARATION.normalize(password.reveal().toCharArray());
      return Optional.of(new Secret(new String(text)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      // It holds what no client may send prepared; or nothing is left of it, where the library
      // looks for its first character all the same.
      return Optional.empty();
    }
  }

  /**
   * The same, and the password as it is where RFC 4616 §2 would have it refused: who chose one that
   * SASLprep does not know, a newer emoji say, gets in by it all the same, but not by SCRAM.
   */
  static Secret of(Secret password) {
    return strictly(password).orElse(password);
  }
}
