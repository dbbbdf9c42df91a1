package io.postern.config.area;

import java.util.Optional;

/** Administration over HTTP, at {@code quarkus.http.host} and {@code quarkus.http.port}. */
public interface AdminSettings {
  /**
   * The bearer token that grants every right (RFC 6750 §2.1): 16 to 1,024 letters, digits and
   * {@code -._~+/}. When it is not set, only JSON Web Tokens are accepted.
   */
  Optional<String> bootstrapToken();

  /** A file that holds the token, in place of {@link #bootstrapToken}: a mounted Secret. */
  Optional<String> bootstrapTokenFile();

  /** Declares the keys with their bounds; the token's form is checked where it is read. */
  static void declare(AdminSettings now, Keys keys) {
    keys.secret("mail.admin.bootstrap-token", now.bootstrapToken());
    keys.matching("mail.admin.bootstrap-token-file", now.bootstrapTokenFile(), ".+", "a file");
  }
}
