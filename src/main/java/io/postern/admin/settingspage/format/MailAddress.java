package io.postern.admin.settingspage.format;

import io.postern.config.net.AdvertisedServer;
import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A mail address that a person or a program has entered. Whether it exists is not known here.
 *
 * @param localPart before the at sign, at most 64 characters: letters, digits and the other
 *     characters of RFC 5322 §3.2.3
 * @param domain in ASCII and lower case
 */
public record MailAddress(String localPart, String domain) {
  /** RFC 5321 §4.5.3.1.3, without the angle brackets. */
  private static final int MAX_LENGTH = 254;

  /** RFC 5322 §3.2.3, with the letters of RFC 6532 §3.2; quoted local parts are not accepted. */
  private static final Pattern LOCAL_PART =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~.-]{1,64}");

  /** Parses an address; empty when the text is none, or is too long. */
  public static Optional<MailAddress> parse(String text) {
    var address = text.strip();
    int at = address.lastIndexOf('@');
    if (at < 1
        || address.length() > MAX_LENGTH
        || !LOCAL_PART.matcher(address.substring(0, at)).matches()) {
      return Optional.empty();
    }
    return domain(address.substring(at + 1))
        .map(domain -> new MailAddress(address.substring(0, at), domain));
  }

  /** Parses a mail domain; the result is in ASCII (RFC 5890) and lower case. */
  public static Optional<String> domain(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT))
          .filter(AdvertisedServer::isHost);
    } catch (IllegalArgumentException _) {
      // Labels that are too long, or characters that no domain has.
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return localPart + "@" + domain;
  }
}
