package io.postern.admin.settingspage.format;

import io.postern.admin.settingspage.format.ClientSettings.Protocol;
import io.postern.config.net.AdvertisedServer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration document of draft-ietf-mailmaint-pacc-04. It names hosts only, so that servers
 * on other than the standard ports with TLS are left out. Its digest is published in DNS: equal
 * settings give equal octets.
 */
public final class PaccJson {
  /** IANA's ports of imaps, pop3s and submissions. */
  private static final Map<Protocol, Integer> PORTS =
      Map.of(Protocol.IMAP, 993, Protocol.POP3, 995, Protocol.SMTP, 465);

  private static final List<String> NAMES = List.of("imap", "pop3", "smtp");

  private PaccJson() {}

  /** Writes the document; empty when no server is on its standard port with TLS. */
  public static Optional<byte[]> of(ClientSettings settings) {
    var protocols = new JsonObject();
    for (var protocol : Protocol.values()) {
      settings.implicitTls().stream()
          .filter(it -> it.protocol() == protocol)
          .filter(it -> Integer.valueOf(it.server().port()).equals(PORTS.get(protocol)))
          .map(it -> it.server())
          .findFirst()
          .map(AdvertisedServer::host)
          .ifPresent(
              host ->
                  protocols.put(NAMES.get(protocol.ordinal()), new JsonObject().put("host", host)));
    }
    if (protocols.isEmpty()) {
      return Optional.empty();
    }
    var authentication = new JsonObject();
    // Programs fetch the issuer's metadata, which is at an https URL only.
    settings
        .issuer()
        .filter(issuer -> issuer.startsWith("https://"))
        .ifPresent(
            issuer -> authentication.put("oauth-public", new JsonObject().put("issuer", issuer)));
    authentication.put("password", true);
    var provider =
        new JsonObject().put("name", settings.domain()).put("shortName", settings.domain());
    return Optional.of(
        new JsonObject()
            .put("protocols", protocols)
            .put("authentication", authentication)
            .put("info", new JsonObject().put("provider", provider))
            .encode()
            .getBytes(StandardCharsets.UTF_8));
  }

  /** The text of the TXT record at {@code _ua-auto-config} that authenticates the document. */
  public static String record(byte[] document) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(document);
      return "v=UAAC1; a=sha256; d=" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
