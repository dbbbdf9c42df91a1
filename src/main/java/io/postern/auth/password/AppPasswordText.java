package io.postern.auth.password;

import io.postern.store.account.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The text of app passwords: six groups of four from 32 letters and digits, 120 random bits. These
 * cannot be guessed, so a fast hash is enough.
 */
public final class AppPasswordText {
  private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";
  private static final Pattern FORM = Pattern.compile("[a-km-np-z2-9]{4}(-[a-km-np-z2-9]{4}){5}");
  private static final int GROUPS = 6;
  private static final int GROUP = 4;

  private AppPasswordText() {}

  /** A new app password. */
  public static Secret random() {
    var text = new StringBuilder();
    var source = new SecureRandom();
    for (int i = 0; i < GROUPS * GROUP; i++) {
      if (i > 0 && i % GROUP == 0) {
        text.append('-');
      }
      text.append(ALPHABET.charAt(source.nextInt(ALPHABET.length())));
    }
    return new Secret(text.toString());
  }

  /** The verifier to store. */
  public static Secret verifier(Secret password) {
    try {
      var octets = password.reveal().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
      var hash = MessageDigest.getInstance("SHA-256").digest(octets);
      return new Secret("{SHA256.HEX}" + HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Whether it has the form of an app password, in any case. */
  public static boolean hasForm(Secret password) {
    return FORM.matcher(password.reveal().toLowerCase(Locale.ROOT)).matches();
  }

  /** Whether two verifiers are the same; compared in constant time. */
  public static boolean areEqual(Secret one, Secret other) {
    return MessageDigest.isEqual(
        one.reveal().getBytes(StandardCharsets.UTF_8),
        other.reveal().getBytes(StandardCharsets.UTF_8));
  }
}
