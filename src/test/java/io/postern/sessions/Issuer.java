package io.postern.sessions;

import io.postern.auth.sasl.RsaKeys;
import io.smallrye.jwt.build.Jwt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/** An identity provider, {@code https://id.example.test}, and what it gives its users. */
final class Issuer {
  private static final KeyPair KEYS = RsaKeys.one();
  private static final Path JWKS = published(KEYS);
  private static final long SOON = 600;

  private Issuer() {}

  /** The file with its keys. */
  static String jwks() {
    return JWKS.toString();
  }

  /**
   * Tokens of the user by the names that stories have for them: {@code token}; {@code overdue},
   * {@code elsewhere} (for others) and {@code forged} are no good.
   */
  static Map<String, String> tokens(String user) {
    return Map.of(
        "token", token(KEYS, "mail", user, SOON),
        "overdue", token(KEYS, "mail", user, -SOON),
        "elsewhere", token(KEYS, "other", user, SOON),
        "forged", token(RsaKeys.other(), "mail", user, SOON));
  }

  private static String token(KeyPair keys, String audience, String user, long seconds) {
    return Jwt.issuer("https://id.example.test")
        .audience(audience)
        .claim("email", user)
        .claim("email_verified", true)
        .issuedAt(Instant.now().minusSeconds(2 * SOON))
        .expiresAt(Instant.now().plusSeconds(seconds))
        .jws()
        .keyId("one")
        .sign(keys.getPrivate());
  }

  private static Path published(KeyPair keys) {
    var key = (RSAPublicKey) keys.getPublic();
    var base64 = Base64.getUrlEncoder().withoutPadding();
    var text =
        "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"one\",\"n\":\"%s\",\"e\":\"%s\"}]}"
            .formatted(
                base64.encodeToString(key.getModulus().toByteArray()),
                base64.encodeToString(key.getPublicExponent().toByteArray()));
    try {
      var file = Files.createTempFile("jwks", ".json");
      file.toFile().deleteOnExit();
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
