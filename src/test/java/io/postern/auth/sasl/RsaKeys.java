package io.postern.auth.sasl;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;

/** Two RSA key pairs of the process, for tests: each costs a good part of a second. */
public final class RsaKeys {
  private static final KeyPair ONE = generate();
  private static final KeyPair OTHER = generate();

  private RsaKeys() {}

  /** The same at each call. */
  public static KeyPair one() {
    return ONE;
  }

  /** Another one, the same at each call. */
  public static KeyPair other() {
    return OTHER;
  }

  private static KeyPair generate() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has RSA", e);
    }
  }
}
