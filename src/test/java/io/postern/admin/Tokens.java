package io.postern.admin;

import io.smallrye.jwt.build.Jwt;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * An issuer of JSON Web Tokens with a key of this run, and the settings by which the server under
 * test trusts it. The platform makes several of it, so the key is in the system properties.
 */
public final class Tokens implements ConfigSource {
  /** The settings of the server. */
  private static final String PUBLIC = "mp.jwt.verify.publickey";

  private static final String ISSUER = "mp.jwt.verify.issuer";
  private static final String WHO = "https://issuer.example.test";
  private static final String PRIVATE = "io.postern.admin.Tokens.private";

  /** The encoded key, made when the first of its settings or tokens is needed. */
  private static String property(String name) {
    synchronized (System.getProperties()) {
      if (System.getProperty(PRIVATE) == null) {
        try {
          var keys = KeyPairGenerator.getInstance("RSA").generateKeyPair();
          var text = Base64.getEncoder();
          System.setProperty(PUBLIC, text.encodeToString(keys.getPublic().getEncoded()));
          System.setProperty(PRIVATE, text.encodeToString(keys.getPrivate().getEncoded()));
        } catch (GeneralSecurityException e) {
          throw new IllegalStateException(e);
        }
      }
      return Objects.requireNonNull(System.getProperty(name));
    }
  }

  /** A token that is good for a minute. */
  static String of(String user, String... roles) {
    return of(WHO, Duration.ofMinutes(1), user, roles);
  }

  static String of(String issuer, Duration life, String user, String... roles) {
    return Jwt.issuer(issuer).upn(user).groups(Set.of(roles)).expiresIn(life).sign(key());
  }

  private static PrivateKey key() {
    try {
      var encoded = Base64.getDecoder().decode(property(PRIVATE));
      return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Set<String> getPropertyNames() {
    return Set.of(PUBLIC, ISSUER);
  }

  @Override
  public @Nullable String getValue(String name) {
    return switch (name) {
      case ISSUER -> WHO;
      case PUBLIC -> property(PUBLIC);
      default -> null;
    };
  }

  @Override
  public String getName() {
    return "the issuer of the tests";
  }
}
