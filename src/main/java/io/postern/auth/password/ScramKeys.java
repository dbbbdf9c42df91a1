package io.postern.auth.password;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import io.postern.store.account.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The stored SCRAM-SHA-256 keys of a password (RFC 5802 §3), in the format of RFC 5803 §2: {@code
 * SCRAM-SHA-256$cost:salt$StoredKey:ServerKey}.
 *
 * @param cost how often PBKDF2 iterates
 * @param salt random, sent to clients
 * @param storedKey to check a client's proof
 * @param serverKey to prove the server to the client
 */
// The arrays are never compared: the keys are only computed with.
@SuppressWarnings("ArrayRecordComponent")
public record ScramKeys(int cost, byte[] salt, byte[] storedKey, byte[] serverKey) {
  /** RFC 7677 §4 recommends at least 4096; clients compute it once, attackers once per guess. */
  public static final int DEFAULT_COST = 100_000;

  private static final ScramMechanism SHA_256 = ScramMechanism.SCRAM_SHA_256;
  private static final int SALT_OCTETS = 16;
  private static final int KEY_OCTETS = 32;
  private static final int MAX_COST = 10_000_000;
  private static final Pattern TEXT =
      Pattern.compile(
          "SCRAM-SHA-256\\$([0-9]{1,8}):([A-Za-z0-9+/=]{4,200})"
              + "\\$([A-Za-z0-9+/=]{44}):([A-Za-z0-9+/=]{44})");

  /** The keys of a new password; empty when SASLprep prohibits it (RFC 4013). Takes some 50 ms. */
  static Optional<ScramKeys> of(Secret password, int cost) {
    return SaslPrep.strict(password).map(_ -> derive(password, cost));
  }

  private static ScramKeys derive(Secret password, int cost) {
    var salt = new byte[SALT_OCTETS];
    new SecureRandom().nextBytes(salt);
    var salted =
        ScramFunctions.saltedPassword(
            SHA_256,
            StringPreparation.SASL_PREPARATION,
            password.reveal().toCharArray(),
            salt,
            cost);
    var storedKey = ScramFunctions.storedKey(SHA_256, ScramFunctions.clientKey(SHA_256, salted));
    return new ScramKeys(cost, salt, storedKey, ScramFunctions.serverKey(SHA_256, salted));
  }

  /** Parses stored keys; empty when the text is malformed. */
  public static Optional<ScramKeys> parse(Secret verifier) {
    var text = TEXT.matcher(verifier.reveal());
    if (!text.matches()) {
      return Optional.empty();
    }
    int cost = Integer.parseInt(text.group(1));
    try {
      var base64 = Base64.getDecoder();
      var keys =
          new ScramKeys(
              cost,
              base64.decode(text.group(2)),
              base64.decode(text.group(3)),
              base64.decode(text.group(4)));
      boolean complete = keys.storedKey.length == KEY_OCTETS && keys.serverKey.length == KEY_OCTETS;
      return cost >= 1 && cost <= MAX_COST && complete ? Optional.of(keys) : Optional.empty();
    } catch (IllegalArgumentException _) {
      // Base64 of a length that there is not: as broken as any other text.
      return Optional.empty();
    }
  }

  /**
   * Decoy keys of an unknown user: the same at each attempt and on each replica, as a known user's
   * are; no proof fits them.
   *
   * @param key the site's secret
   * @param name lower case
   */
  public static ScramKeys decoy(Secret key, String name) {
    return new ScramKeys(
        DEFAULT_COST,
        Arrays.copyOf(derive(key, "salt", name), SALT_OCTETS),
        derive(key, "stored", name),
        derive(key, "server", name));
  }

  private static byte[] derive(Secret key, String use, String name) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return mac.doFinal((use + "\0" + name).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  /** Whether the proof shows knowledge of the password (RFC 5802 §3). */
  public boolean verifyProof(byte[] proof, String authMessage) {
    return proof.length == KEY_OCTETS
        && ScramFunctions.verifyClientProof(SHA_256, proof, storedKey, authMessage);
  }

  /** The server signature, which proves that the server has the keys (RFC 5802 §3). */
  public byte[] signature(String authMessage) {
    return ScramFunctions.hmac(SHA_256, serverKey, authMessage.getBytes(StandardCharsets.UTF_8));
  }

  /** The text to be stored. */
  Secret encoded() {
    var base64 = Base64.getEncoder();
    return new Secret(
        "SCRAM-SHA-256$%d:%s$%s:%s"
            .formatted(
                cost,
                base64.encodeToString(salt),
                base64.encodeToString(storedKey),
                base64.encodeToString(serverKey)));
  }

  @Override
  public String toString() {
    return "ScramKeys[***]";
  }
}
