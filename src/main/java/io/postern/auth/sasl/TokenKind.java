package io.postern.auth.sasl;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Distinguishes access tokens from other tokens that an issuer signs with the same keys: ID tokens,
 * refresh and logout tokens, and tokens bound to a key that the client would have to prove.
 */
final class TokenKind {
  /** RFC 9068 §2.1. */
  private static final String ACCESS = "at+jwt";

  /** RFC 7519 §5.1: a type that does not give the kind. */
  private static final Set<String> UNSPECIFIC = Set.of("", "jwt");

  /** OpenID Connect Core §3.1.3.6 and §3.3.2.11: only ID tokens have these. */
  private static final Set<String> ID_TOKEN_CLAIMS = Set.of("at_hash", "c_hash", "s_hash");

  /** OpenID Connect Back-Channel Logout §2.4, RFC 8417 §2.2: of security events. */
  private static final String EVENTS = "events";

  /** RFC 7800 §3.1: its presenter must prove a key, so it is no bearer token. */
  private static final String CONFIRMATION = "cnf";

  private TokenKind() {}

  /**
   * Whether the token may be an access token.
   *
   * @param header the JOSE header
   * @param claims the payload
   * @param strict whether the header must say so
   */
  static boolean isAccessToken(JsonObject header, JsonObject claims, boolean strict) {
    var type = type(header);
    if (!type.equals(ACCESS) && (strict || !UNSPECIFIC.contains(type))) {
      return false;
    }
    if (Stream.of(EVENTS, CONFIRMATION).anyMatch(claims::containsKey)
        || ID_TOKEN_CLAIMS.stream().anyMatch(claims::containsKey)) {
      return false;
    }
    // Keycloak gives the kind in "typ", Cognito in "token_use".
    var kind = text(claims, "typ").or(() -> text(claims, "token_use"));
    boolean kindIsAccess =
        kind.filter(it -> it.equals("bearer") || it.equals("access")).isPresent();
    // OpenID Connect Core §2: an ID token repeats this from its request; an access token need not.
    boolean looksLikeIdToken = claims.containsKey("nonce") && !kindIsAccess && !type.equals(ACCESS);
    return (kind.isEmpty() || kindIsAccess) && !looksLikeIdToken;
  }

  /** RFC 7515 §4.1.9: compared without case, {@code application/} may be left out. */
  private static String type(JsonObject header) {
    if (!header.containsKey("typ")) {
      return "";
    }
    var type = text(header, "typ").orElse("?");
    return type.startsWith("application/") ? type.substring("application/".length()) : type;
  }

  private static Optional<String> text(JsonObject object, String name) {
    return Optional.ofNullable(object.getValue(name))
        .map(value -> value instanceof String text ? text.toLowerCase(Locale.ROOT) : "?");
  }
}
