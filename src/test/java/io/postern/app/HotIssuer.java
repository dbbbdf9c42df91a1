package io.postern.app;

import io.smallrye.jwt.build.Jwt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * An identity provider and its key.
 *
 * @param name what its tokens say in {@code iss}
 */
record HotIssuer(String name, KeyPair keys) {
  private static final String KEY = "one";

  static HotIssuer of(String name) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return new HotIssuer(name, generator.generateKeyPair());
  }

  /** Writes the public key to the file. */
  Path publish(Path file) throws IOException {
    var key = (RSAPublicKey) keys.getPublic();
    var base64 = Base64.getUrlEncoder().withoutPadding();
    var text =
        "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"}]}"
            .formatted(
                KEY,
                base64.encodeToString(key.getModulus().toByteArray()),
                base64.encodeToString(key.getPublicExponent().toByteArray()));
    return Files.writeString(file, text);
  }

  /** A token for the mail service that is good for ten minutes. */
  String token(String claim, String user) {
    return token("mail", claim, user, Duration.ofMinutes(10));
  }

  /** One with this user in the claim. */
  String token(String audience, String claim, String user, Duration left) {
    return Jwt.issuer(name)
        .audience(audience)
        .claim(claim, user)
        .claim("email_verified", true)
        .issuedAt(Instant.now().minus(Duration.ofHours(1)))
        .expiresAt(Instant.now().plus(left))
        .jws()
        .keyId(KEY)
        .sign(keys.getPrivate());
  }
}
