package io.postern.admin.security;

import io.postern.config.area.AdminSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The bootstrap token, which grants every right so that the first account can be created.
 *
 * @param value the token; empty when no token is accepted
 * @param generated whether it was generated at this start, so that it may be printed
 */
public record AdminToken(Optional<String> value, boolean generated) {
  // RFC 6750 §2.1, and too long to be guessed
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/-]{16,1024}=*");
  private static final int RANDOM_OCTETS = 16;
  private static final int MAX_OCTETS = 8_192;

  /**
   * Returns the token of the settings; in a demonstration without one, generates a token.
   *
   * @throws IllegalStateException when the settings hold two, the file can't be read, or its
   *     content is not a token
   */
  public static AdminToken of(AdminSettings settings, boolean demo) {
    if (settings.bootstrapToken().isPresent() && settings.bootstrapTokenFile().isPresent()) {
      throw new IllegalStateException(
          "mail.admin.bootstrap-token and mail.admin.bootstrap-token-file are both set; one is"
              + " allowed");
    }
    var configured =
        settings
            .bootstrapToken()
            .map(token -> checked("mail.admin.bootstrap-token", token))
            .or(() -> settings.bootstrapTokenFile().map(AdminToken::read));
    return configured.isEmpty() && demo
        ? new AdminToken(Optional.of(random()), true)
        : new AdminToken(configured, false);
  }

  private static String read(String file) {
    try {
      var path = Path.of(file);
      var text = Files.size(path) > MAX_OCTETS ? "" : Files.readString(path);
      return checked("What mail.admin.bootstrap-token-file names", text.strip());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "mail.admin.bootstrap-token-file is \"" + file + "\", which cannot be read", e);
    }
  }

  private static String checked(String what, String token) {
    if (!FORM.matcher(token).matches()) {
      throw new IllegalStateException(
          what + " is no token: 16 to 1,024 letters, digits and -._~+/ are allowed");
    }
    return token;
  }

  private static String random() {
    var octets = new byte[RANDOM_OCTETS];
    new SecureRandom().nextBytes(octets);
    return HexFormat.of().formatHex(octets);
  }

  @Override
  public String toString() {
    return value.isPresent() ? "***" : "none";
  }
}
