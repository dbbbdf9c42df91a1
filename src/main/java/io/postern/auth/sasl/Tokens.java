package io.postern.auth.sasl;

import io.postern.config.AuthSettings.OAuth2;
import io.smallrye.mutiny.Uni;

/** Judges the tokens of an identity provider. */
@FunctionalInterface
public interface Tokens {
  /** What a token is worth. */
  sealed interface Verdict {
    /**
     * It is an access token for this server.
     *
     * @param name the login name that it claims, literally
     */
    record User(String name) implements Verdict {}

    /** It is no token, is over, is of another kind, or is not for this server. */
    record Refused() implements Verdict {}

    /** The issuer's keys are not there, so it can't be judged now. */
    record Undecided() implements Verdict {}
  }

  /** Judges the token by these settings. Blocks no thread that other logins need. Never fails. */
  Uni<Verdict> judge(OAuth2 settings, String token);
}
