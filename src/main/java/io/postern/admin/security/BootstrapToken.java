package io.postern.admin.security;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/**
 * Authenticates a call that carries the bootstrap token, as {@code mail-admin}. Other bearer tokens
 * are left to the next mechanism, which reads JSON Web Tokens if the settings name a trusted
 * issuer.
 */
@Singleton
class BootstrapToken implements HttpAuthenticationMechanism {
  private static final Logger LOG = System.getLogger(BootstrapToken.class.getName());
  private static final String NAME = "bootstrap-token";
  private static final String SCHEME = "Bearer ";

  private final AdminToken token;
  private final Config config;
  private final Optional<byte[]> digest;
  private final boolean issuers;

  BootstrapToken(AdminToken token, Config config) {
    this.token = token;
    this.config = config;
    this.digest = token.value().map(BootstrapToken::digest);
    this.issuers =
        config.getOptionalValue("mp.jwt.verify.publickey", String.class).isPresent()
            || config
                .getOptionalValue("mp.jwt.verify.publickey.location", String.class)
                .isPresent();
  }

  void announce(@Observes StartupEvent event) {
    if (token.generated()) {
      LOG.log(Level.INFO, "Example of the admin API: " + example());
    }
    if (digest.isEmpty() && !issuers) {
      LOG.log(
          Level.INFO,
          "The admin API accepts no token: set mail.admin.bootstrap-token-file, or"
              + " mp.jwt.verify.publickey.location and mp.jwt.verify.issuer");
    }
  }

  private String example() {
    var host = config.getOptionalValue("quarkus.http.host", String.class).orElse("127.0.0.1");
    int port = config.getOptionalValue("quarkus.http.port", Integer.class).orElse(8080);
    return "curl -H 'Authorization: Bearer %s' http://%s:%d/admin/v1/accounts"
        .formatted(token.value().orElseThrow(), host, port);
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext call, IdentityProviderManager identities) {
    return bearer(call).map(this::verify).orElseGet(() -> Uni.createFrom().nullItem());
  }

  private Uni<SecurityIdentity> verify(String token) {
    // Digests have one length, so they are compared in constant time
    if (digest.isPresent() && MessageDigest.isEqual(digest.get(), digest(token))) {
      return Uni.createFrom()
          .item(
              QuarkusSecurityIdentity.builder()
                  .setPrincipal(new QuarkusPrincipal(NAME))
                  .addRole(Roles.ADMIN)
                  .build());
    }
    return issuers
        ? Uni.createFrom().nullItem()
        : Uni.createFrom().failure(new AuthenticationFailedException());
  }

  private static Optional<String> bearer(RoutingContext call) {
    // RFC 9110 §11.1: a scheme's name is compared without case
    return Optional.ofNullable(call.request().getHeader(HttpHeaders.AUTHORIZATION))
        .filter(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
        .map(header -> header.substring(SCHEME.length()).strip());
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext call) {
    return Uni.createFrom()
        .item(new ChallengeData(401, "WWW-Authenticate", ExceptionMappers.CHALLENGE));
  }

  @Override
  public int getPriority() {
    return DEFAULT_PRIORITY + 1;
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
