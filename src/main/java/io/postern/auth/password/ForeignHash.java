package io.postern.auth.password;

import io.postern.store.account.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * Checks hashes imported from other servers, used until an account's first login: bcrypt ({@code
 * $2a$}, {@code $2b$}, {@code $2y$}), SHA-crypt ({@code $5$}, {@code $6$}) and the salted hashes of
 * LDAP ({@code {SSHA}}, {@code {SSHA256}}, {@code {SSHA512}}). A scheme's name before crypt's own
 * text, as Dovecot writes it, is skipped.
 */
final class ForeignHash {
  private static final Map<String, String> SALTED =
      Map.of("{SSHA}", "SHA-1", "{SSHA256}", "SHA-256", "{SSHA512}", "SHA-512");

  /** bcrypt uses at most so many octets; the library refuses more. */
  private static final int BCRYPT_OCTETS = 72;

  private static final Pattern KIND =
      Pattern.compile("^(\\{[^}]*}|\\$2.\\$[0-9]{2}|\\$[56]\\$(rounds=[0-9]{1,9})?)");

  private ForeignHash() {}

  /** Whether the verifier's scheme is supported. */
  static boolean isSupported(Secret verifier) {
    var text = withoutPrefix(verifier.reveal());
    return crypt(text) || bcrypt(text) || SALTED.keySet().stream().anyMatch(text::startsWith);
  }

  /** Its scheme and cost; empty when the scheme is not supported. */
  static Optional<String> kind(Secret verifier) {
    return Optional.of(verifier)
        .filter(ForeignHash::isSupported)
        .map(it -> KIND.matcher(withoutPrefix(it.reveal())))
        .filter(Matcher::find)
        .map(Matcher::group);
  }

  /** Whether the password has the hash; false when the hash can't be read. */
  static boolean matches(Secret verifier, Secret password) {
    var text = withoutPrefix(verifier.reveal());
    var octets = password.reveal().getBytes(StandardCharsets.UTF_8);
    try {
      if (bcrypt(text)) {
        var cut = Arrays.copyOf(octets, Math.min(octets.length, BCRYPT_OCTETS));
        return OpenBSDBCrypt.checkPassword(text, cut);
      }
      if (crypt(text)) {
        var computed =
            text.startsWith("$5$")
                ? Sha2Crypt.sha256Crypt(octets, text)
                : Sha2Crypt.sha512Crypt(octets, text);
        return MessageDigest.isEqual(
            computed.getBytes(StandardCharsets.US_ASCII), text.getBytes(StandardCharsets.US_ASCII));
      }
      return salted(text, octets);
    } catch (IllegalArgumentException | NoSuchAlgorithmException _) {
      // A text that only begins like a hash fits nothing.
      return false;
    }
  }

  private static boolean salted(String text, byte[] password) throws NoSuchAlgorithmException {
    int end = text.indexOf('}') + 1;
    var algorithm = SALTED.get(text.substring(0, end));
    if (algorithm == null) {
      return false;
    }
    var digest = MessageDigest.getInstance(algorithm);
    var decoded = Base64.getDecoder().decode(text.substring(end));
    int length = digest.getDigestLength();
    if (decoded.length < length) {
      return false;
    }
    digest.update(password);
    digest.update(decoded, length, decoded.length - length);
    return MessageDigest.isEqual(digest.digest(), Arrays.copyOf(decoded, length));
  }

  private static boolean bcrypt(String text) {
    return text.matches("\\$2[aby]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}");
  }

  private static boolean crypt(String text) {
    return text.startsWith("$5$") || text.startsWith("$6$");
  }

  private static String withoutPrefix(String verifier) {
    return verifier.replaceFirst("^\\{(CRYPT|BLF-CRYPT|SHA256-CRYPT|SHA512-CRYPT)}", "");
  }
}
