package io.postern.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The secret from which the keys of TLS session tickets (RFC 5077 §4, RFC 8446 §4.6.1) are derived.
 * Replicas that share it resume each other's sessions. Equal only to itself; its text form does not
 * reveal it.
 */
public final class TicketSecret {
  private static final int RANDOM_OCTETS = 32;

  /** Separates these keys from all others that are derived from the same secret. */
  private static final String LABEL = "TLS session tickets";

  private final byte[] octets;

  private TicketSecret(byte[] octets) {
    this.octets = octets;
  }

  /**
   * The secret that replicas share.
   *
   * @param octets of high entropy, 128 bits or more
   */
  public static TicketSecret of(byte[] octets) {
    return new TicketSecret(octets.clone());
  }

  /** A secret of this process alone. */
  static TicketSecret random() {
    var octets = new byte[RANDOM_OCTETS];
    new SecureRandom().nextBytes(octets);
    return new TicketSecret(octets);
  }

  /**
   * Derives key material (RFC 5869).
   *
   * @param period the number of the period in which new tickets are encrypted with it
   * @param scope sessions of another scope cannot be decrypted with it
   */
  byte[] derive(long period, String scope, int length) {
    var info = LABEL + '\0' + period + '\0' + scope;
    var parameters =
        HKDFParameterSpec.ofExtract()
            .addIKM(octets)
            .thenExpand(info.getBytes(StandardCharsets.UTF_8), length);
    try {
      return KDF.getInstance("HKDF-SHA256").deriveData(parameters);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HKDF", e);
    }
  }

  @Override
  public String toString() {
    return "a secret of " + octets.length + " octets";
  }
}
