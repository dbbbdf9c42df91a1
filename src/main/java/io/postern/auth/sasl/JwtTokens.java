package io.postern.auth.sasl;

import io.postern.auth.password.Workers;
import io.postern.config.AuthSettings.OAuth2;
import io.smallrye.jwt.KeyFormat;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.auth.principal.DefaultJWTParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTParser;
import io.smallrye.jwt.auth.principal.ParseException;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * JSON Web Tokens, checked here against the issuer's published keys: signature, issuer, audience,
 * times. Keys are read again when their file changes, or from their URL when a token names one that
 * is not known, and now and then. Runs on {@link Workers}, because keys may have to be fetched.
 */
public final class JwtTokens implements Tokens {
  private static final Logger LOG = System.getLogger(JwtTokens.class.getName());
  private static final int LONGEST = 16_384;

  /** The parser for settings as they were, and keys as they were read. */
  private record Current(Wanted wanted, FileTime changed, Instant read, JWTParser parser) {}

  /**
   * What a parser is made for.
   *
   * @param refresh how often it fetches the keys by itself; nothing, when they are in a file
   */
  private record Wanted(
      String issuer,
      List<String> audience,
      String jwks,
      Duration clockSkew,
      Optional<Duration> refresh) {
    static Wanted of(OAuth2 settings) {
      var jwks = settings.jwks().orElseThrow();
      return new Wanted(
          settings.issuer().orElseThrow(),
          settings.audience().orElseThrow(),
          jwks,
          settings.clockSkew(),
          file(jwks) ? Optional.empty() : Optional.of(settings.jwksRefresh()));
    }

    static boolean file(String jwks) {
      return jwks.startsWith("/");
    }
  }

  private final Workers workers;
  private final InstantSource clock;
  private final AtomicReference<Optional<Current>> current =
      new AtomicReference<>(Optional.empty());

  /**
   * @param clock says when keys in a file are read again
   */
  public JwtTokens(Workers workers, InstantSource clock) {
    this.workers = workers;
    this.clock = clock;
  }

  @Override
  public Uni<Verdict> judge(OAuth2 settings, String token) {
    return settings.complete() && token.length() <= LONGEST
        ? workers
            .run(() -> verified(settings, token))
            .map(
                user -> user.<Verdict>map(Verdict.User::new).orElseGet(() -> new Verdict.Refused()))
        : Uni.createFrom().item(new Verdict.Refused());
  }

  private Optional<String> verified(OAuth2 settings, String token) {
    try {
      var jwt = parser(settings).parse(token);
      return Optional.ofNullable(jwt.<Object>getClaim(settings.userClaim()))
          .filter(String.class::isInstance)
          .map(String.class::cast);
    } catch (ParseException e) {
      LOG.log(Level.DEBUG, () -> "a token is not taken: " + e.getMessage());
      return Optional.empty();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "mail.auth.oauth2.jwks cannot be read", e);
      return Optional.empty();
    }
  }

  private JWTParser parser(OAuth2 settings) throws IOException {
    var wanted = Wanted.of(settings);
    var changed =
        Wanted.file(wanted.jwks)
            ? Files.getLastModifiedTime(Path.of(wanted.jwks))
            : FileTime.fromMillis(0);
    var now = clock.instant();
    var known =
        current
            .get()
            .filter(c -> c.wanted.equals(wanted) && c.changed.equals(changed))
            .filter(
                c ->
                    !Wanted.file(wanted.jwks) || now.isBefore(c.read.plus(settings.jwksRefresh())));
    if (known.isPresent()) {
      return known.get().parser;
    }
    var parser = new DefaultJWTParser(rules(settings, wanted.jwks));
    current.set(Optional.of(new Current(wanted, changed, now, parser)));
    return parser;
  }

  private static JWTAuthContextInfo rules(OAuth2 settings, String jwks) throws IOException {
    var rules = new JWTAuthContextInfo();
    rules.setIssuedBy(settings.issuer().orElseThrow());
    rules.setExpectedAudience(new HashSet<>(settings.audience().orElseThrow()));
    rules.setRequireNamedPrincipal(false);
    rules.setClockSkew(Math.toIntExact(settings.clockSkew().toSeconds()));
    // Asymmetric ones only: a published key must never serve as a secret.
    rules.setSignatureAlgorithm(
        EnumSet.of(
            SignatureAlgorithm.RS256,
            SignatureAlgorithm.RS384,
            SignatureAlgorithm.RS512,
            SignatureAlgorithm.PS256,
            SignatureAlgorithm.PS384,
            SignatureAlgorithm.PS512,
            SignatureAlgorithm.ES256,
            SignatureAlgorithm.ES384,
            SignatureAlgorithm.ES512));
    if (Wanted.file(jwks)) {
      rules.setKeyFormat(KeyFormat.JWK);
      rules.setPublicKeyContent(Files.readString(Path.of(jwks)));
    } else {
      rules.setPublicKeyLocation(jwks);
      rules.setKeyFormat(KeyFormat.JWK);
      rules.setJwksRefreshInterval(Math.toIntExact(settings.jwksRefresh().toMinutes()));
      rules.setForcedJwksRefreshInterval(Math.toIntExact(Duration.ofMinutes(1).toMinutes()));
    }
    return rules;
  }
}
