package io.postern.admin.settingspage.format;

import io.postern.admin.settingspage.format.ClientSettings.Protocol;
import io.postern.admin.settingspage.format.ClientSettings.Service;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A configuration profile of Apple's systems with one mail account: {@code com.apple.mail.managed}.
 * Its identifiers are those of the address, host and protocol, so that a second installation
 * replaces the first. It holds no password; the system asks for it.
 */
public final class AppleProfile {
  /** The name space of URLs (RFC 9562 §6.6). */
  private static final UUID URLS = UUID.fromString("6ba7b811-9dad-11d1-80b4-00c04fd430c8");

  private AppleProfile() {}

  /**
   * Writes the profile of an address; empty when there is no encrypted server to read with this
   * protocol, or none to send.
   *
   * @param protocol IMAP or POP3
   */
  public static Optional<String> of(
      ClientSettings settings, MailAddress address, Protocol protocol) {
    var incoming = settings.recommended(protocol);
    var outgoing = settings.recommended(Protocol.SMTP);
    return incoming.isEmpty() || outgoing.isEmpty()
        ? Optional.empty()
        : Optional.of(write(address, incoming.get(), outgoing.get()));
  }

  private static String write(MailAddress address, Service incoming, Service outgoing) {
    var protocol = incoming.protocol();
    var name = protocol + "://" + address + "@" + incoming.server().host();
    return Templates.render(
        "apple-profile.xml",
        Map.of(
            "address", address,
            "domain", address.domain(),
            "type", protocol == Protocol.POP3 ? "EmailTypePOP" : "EmailTypeIMAP",
            "incoming", incoming.server().host(),
            "incomingPort", incoming.server().port(),
            "outgoing", outgoing.server().host(),
            "outgoingPort", outgoing.server().port(),
            "profile", uuid(name),
            "account", uuid(name + "/account")));
  }

  /** RFC 9562 §5.5: version 5, of a name. */
  private static String uuid(String name) {
    try {
      var sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(
          ByteBuffer.allocate(2 * Long.BYTES)
              .putLong(URLS.getMostSignificantBits())
              .putLong(URLS.getLeastSignificantBits())
              .array());
      var digest = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
      long high = (digest.getLong() & ~0xF000L) | 0x5000L;
      long low = (digest.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
      return new UUID(high, low).toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
