package io.postern.auth.password;

import io.postern.store.account.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A password's argon2id hash (RFC 9106) with the parameters to compute it again, written as a PHC
 * string: {@code $argon2id$v=19$m=19456,t=2,p=1$salt$hash}, in Base64 without padding.
 */
final class Argon2 {
  /** The cost of a hash. */
  record Cost(int memoryKiB, int passes, int lanes) {
    /** The cost of new verifiers: 19 MiB and two passes, some 50 ms of one core. */
    static final Cost DEFAULT = new Cost(19_456, 2, 1);

    /** Whether a stored verifier's cost is accepted: 8 KiB a lane to 256 MiB, 16 passes. */
    boolean isAccepted() {
      return passes >= 1
          && passes <= 16
          && lanes >= 1
          && lanes <= 16
          && memoryKiB >= 8 * lanes
          && memoryKiB <= 256 * 1024;
    }
  }

  private static final int SALT_OCTETS = 16;
  private static final int HASH_OCTETS = 32;
  private static final int MAX_OCTETS = 64;
  private static final Pattern PHC =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=([0-9]{1,3})"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{16,86})");

  private final Cost cost;
  private final byte[] salt;
  private final byte[] hash;

  private Argon2(Cost cost, byte[] salt, byte[] hash) {
    this.cost = cost;
    this.salt = salt;
    this.hash = hash;
  }

  /** The hash of a password with a salt of its own. */
  static Argon2 of(Secret password, Cost cost) {
    var salt = random(SALT_OCTETS);
    return new Argon2(cost, salt, compute(password, cost, salt, HASH_OCTETS));
  }

  /** A verifier that no password fits, with the same cost to check as any other. */
  static Argon2 decoy(Cost cost) {
    return new Argon2(cost, random(SALT_OCTETS), random(HASH_OCTETS));
  }

  /** Parses a verifier; empty when it is no argon2id verifier or its cost is too high. */
  static Optional<Argon2> parse(Secret verifier) {
    var phc = PHC.matcher(verifier.reveal());
    if (!phc.matches()) {
      return Optional.empty();
    }
    var cost = new Cost(number(phc.group(1)), number(phc.group(2)), number(phc.group(3)));
    try {
      var salt = Base64.getDecoder().decode(phc.group(4));
      var hash = Base64.getDecoder().decode(phc.group(5));
      return cost.isAccepted() && salt.length <= MAX_OCTETS && hash.length <= MAX_OCTETS
          ? Optional.of(new Argon2(cost, salt, hash))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      // Base64 of an impossible length: malformed like any other text.
      return Optional.empty();
    }
  }

  /** The cost to compute it. */
  Cost cost() {
    return cost;
  }

  /** Whether the password has this hash; compared in constant time. */
  boolean matches(Secret password) {
    return MessageDigest.isEqual(hash, compute(password, cost, salt, hash.length));
  }

  /** The text to be stored. */
  Secret encoded() {
    var base64 = Base64.getEncoder().withoutPadding();
    var parameters = "m=" + cost.memoryKiB + ",t=" + cost.passes + ",p=" + cost.lanes;
    return new Secret(
        String.join(
            "$",
            "$argon2id$v=19",
            parameters,
            base64.encodeToString(salt),
            base64.encodeToString(hash)));
  }

  private static byte[] compute(Secret password, Cost cost, byte[] salt, int octets) {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.memoryKiB)
            .withIterations(cost.passes)
            .withParallelism(cost.lanes)
            .withSalt(salt)
            .build());
    var result = new byte[octets];
    generator.generateBytes(password.reveal().getBytes(StandardCharsets.UTF_8), result);
    return result;
  }

  private static byte[] random(int octets) {
    var bytes = new byte[octets];
    // Created here: a static one would be created, and seeded, when a native image is built.
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  private static int number(String digits) {
    return Integer.parseInt(digits);
  }
}
