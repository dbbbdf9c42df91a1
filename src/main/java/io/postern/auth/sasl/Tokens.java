package io.postern.auth.sasl;

import io.postern.config.area.AuthSettings.OAuth2;
import io.smallrye.mutiny.Uni;

/** Verifies the tokens of an identity provider. */
@FunctionalInterface
public interface Tokens {
  /** The result of verifying a token. */
  sealed interface Verdict {
    /**
     * It is an access token for this server.
     *
     * @param name the login name that it claims, literally
     */
    record User(String name) implements Verdict {}

    /** It is no token, has expired, is of another kind, or is not for this server. */
    record Refused() implements Verdict {}

    /** The issuer's keys are not available, so it can't be verified now. */
    record Undecided() implements Verdict {}
  }

  /** Verifies the token by these settings. Blocks no thread that other logins need. Never fails. */
  Uni<Verdict> verify(OAuth2 settings, String token);
}
