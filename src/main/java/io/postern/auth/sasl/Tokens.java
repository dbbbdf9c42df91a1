package io.postern.auth.sasl;

import io.postern.config.AuthSettings.OAuth2;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** Who can tell whose a token is. */
@FunctionalInterface
public interface Tokens {
  /**
   * The login name in a token that the settings accept.
   *
   * @return empty when the token is none, is over, or is not for us
   */
  Uni<Optional<String>> user(OAuth2 settings, String token);
}
