package io.postern.auth.sasl;

import io.postern.auth.IssuerKeysMeter;
import io.postern.auth.password.Workers;
import io.postern.config.area.AuthSettings.OAuth2;
import io.smallrye.jwt.KeyFormat;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.auth.principal.DefaultJWTParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTParser;
import io.smallrye.jwt.auth.principal.ParseException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Verifies JSON Web Tokens against the issuer's published keys: signature, issuer, audience, times,
 * and that they are access tokens. Keys in a file are read again when it changes, and periodically;
 * keys at a URL are fetched by {@link IssuerKeys}. Signatures are checked on {@link Workers}.
 */
public final class JwtTokens implements Tokens {
  private static final Logger LOG = System.getLogger(JwtTokens.class.getName());
  private static final int MAX_LENGTH = 16_384;

  /** The claim that counts only beside {@link #VERIFIED} (OpenID Connect Core §5.1). */
  private static final String EMAIL = "email";

  private static final String VERIFIED = "email_verified";

  /**
   * A token's parts, not verified yet.
   *
   * @param header its JOSE header
   * @param claims its payload
   */
  private record Parts(JsonObject header, JsonObject claims) {
    /** Parses a token; empty when it is not a signed token (RFC 7515 §7.1). */
    static Optional<Parts> of(String token) {
      var parts = token.split("\\.", -1);
      try {
        return parts.length == 3
            ? Optional.of(new Parts(json(parts[0]), json(parts[1])))
            : Optional.empty();
      } catch (IllegalArgumentException | DecodeException _) {
        // Neither Base64 nor JSON: no token.
        return Optional.empty();
      }
    }

    private static JsonObject json(String part) {
      return new JsonObject(
          new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }

    Optional<String> keyId() {
      return Optional.ofNullable(header.getValue("kid"))
          .filter(String.class::isInstance)
          .map(String.class::cast);
    }
  }

  private record CachedParser(ParserSource source, JWTParser parser) {}

  /**
   * The keys that a parser was created with.
   *
   * @param modified when the file of the keys was changed; the epoch for those at a URL
   * @param keys the document
   */
  private record ParserSource(
      Expectations expectations, FileTime modified, Instant readAt, String keys) {}

  /** What a parser verifies. */
  private record Expectations(
      String issuer, List<String> audience, String jwks, Duration clockSkew) {
    static Expectations of(OAuth2 settings) {
      return new Expectations(
          settings.issuer().orElseThrow(),
          settings.audience().orElseThrow(),
          settings.jwks().orElseThrow(),
          settings.clockSkew());
    }

    boolean file() {
      return jwks.startsWith("/");
    }
  }

  private final Workers workers;
  private final InstantSource clock;
  private final IssuerKeys published;
  private final AtomicReference<Optional<CachedParser>> current =
      new AtomicReference<>(Optional.empty());

  /**
   * @param clock determines when keys are read again
   */
  public JwtTokens(Workers workers, InstantSource clock, IssuerKeysMeter meter) {
    this.workers = workers;
    this.clock = clock;
    this.published = new IssuerKeys(clock, meter);
  }

  @Override
  public Uni<Verdict> verify(OAuth2 settings, String token) {
    var parts =
        settings.complete() && token.length() <= MAX_LENGTH
            ? Parts.of(token)
            : Optional.<Parts>empty();
    return parts
        .map(
            it ->
                Expectations.of(settings).file()
                    ? workers.run(() -> byFile(settings, token, it))
                    : byUrl(settings, token, it))
        .orElseGet(() -> Uni.createFrom().item(new Verdict.Refused()));
  }

  private Uni<Verdict> byUrl(OAuth2 settings, String token, Parts parts) {
    var expectations = Expectations.of(settings);
    return published
        .of(expectations.jwks, settings.jwksRefresh(), parts.keyId())
        .chain(
            found ->
                found
                    .map(
                        keys ->
                            workers.run(
                                () ->
                                    check(
                                        settings, parser(settings, keys.document()), token, parts)))
                    .orElseGet(() -> Uni.createFrom().item(new Verdict.Undecided())));
  }

  private Verdict byFile(OAuth2 settings, String token, Parts parts) {
    try {
      return check(settings, parser(settings), token, parts);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "mail.auth.oauth2.jwks cannot be read", e);
      return new Verdict.Undecided();
    }
  }

  private static Verdict check(OAuth2 settings, JWTParser parser, String token, Parts parts) {
    try {
      parser.parse(token);
    } catch (ParseException e) {
      LOG.log(Level.DEBUG, () -> "a token is refused: " + e.getMessage());
      return new Verdict.Refused();
    }
    // The octets parsed before are the ones whose signature was verified.
    var claims = parts.claims;
    if (!TokenKind.isAccessToken(parts.header, claims, settings.requireAtJwt())) {
      LOG.log(Level.DEBUG, "a token is refused: it is no access token");
      return new Verdict.Refused();
    }
    return Optional.ofNullable(claims.getValue(settings.userClaim()))
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .filter(_ -> !settings.userClaim().equals(EMAIL) || verified(claims))
        .<Verdict>map(Verdict.User::new)
        .orElseGet(Verdict.Refused::new);
  }

  /** Some issuers write it as a string. */
  private static boolean verified(JsonObject claims) {
    var value = claims.getValue(VERIFIED);
    return Boolean.TRUE.equals(value) || "true".equals(value);
  }

  /** For keys in a file. */
  private JWTParser parser(OAuth2 settings) throws IOException {
    var expectations = Expectations.of(settings);
    var modified = Files.getLastModifiedTime(Path.of(expectations.jwks));
    var now = clock.instant();
    var cached =
        current
            .get()
            .filter(
                c ->
                    c.source.expectations.equals(expectations)
                        && c.source.modified.equals(modified))
            .filter(c -> now.isBefore(c.source.readAt.plus(settings.jwksRefresh())));
    if (cached.isPresent()) {
      return cached.get().parser;
    }
    var keys = Files.readString(Path.of(expectations.jwks));
    return newParser(settings, new ParserSource(expectations, modified, now, keys));
  }

  /** For fetched keys. */
  private JWTParser parser(OAuth2 settings, String keys) {
    var expectations = Expectations.of(settings);
    return current
        .get()
        .filter(c -> c.source.expectations.equals(expectations) && c.source.keys.equals(keys))
        .map(CachedParser::parser)
        .orElseGet(
            () ->
                newParser(
                    settings,
                    new ParserSource(expectations, FileTime.fromMillis(0), clock.instant(), keys)));
  }

  private JWTParser newParser(OAuth2 settings, ParserSource source) {
    var parser = new DefaultJWTParser(parserSettings(settings, source.keys));
    current.set(Optional.of(new CachedParser(source, parser)));
    return parser;
  }

  private static JWTAuthContextInfo parserSettings(OAuth2 settings, String keys) {
    var info = new JWTAuthContextInfo();
    info.setIssuedBy(settings.issuer().orElseThrow());
    info.setExpectedAudience(new HashSet<>(settings.audience().orElseThrow()));
    info.setRequireNamedPrincipal(false);
    info.setClockSkew(Math.toIntExact(settings.clockSkew().toSeconds()));
    // Asymmetric ones only: a published key must never serve as a secret.
    info.setSignatureAlgorithm(
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
    info.setKeyFormat(KeyFormat.JWK);
    info.setPublicKeyContent(keys);
    return info;
  }
}
