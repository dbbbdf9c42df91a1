package io.postern.config;

import java.util.Optional;

/** Administration over HTTP, at {@code quarkus.http.host} and {@code quarkus.http.port}. */
public interface AdminSettings {
  /**
   * What a bearer token must be (RFC 6750 §2.1) to be let in with every right: 16 to 1,024 letters,
   * digits and {@code -._~+/}. Unset, only JSON Web Tokens are taken.
   */
  Optional<String> bootstrapToken();

  /** A file that holds the token in place of {@link #bootstrapToken}: a mounted Secret. */
  Optional<String> bootstrapTokenFile();

  /** The keys with their bounds; what the token is like is checked where it is read. */
  static void declare(AdminSettings now, Keys keys) {
    keys.secret("mail.admin.bootstrap-token", now.bootstrapToken());
    keys.matching("mail.admin.bootstrap-token-file", now.bootstrapTokenFile(), ".+", "a file");
  }
}
