package io.postern.admin.settingspage.format;

import io.postern.config.LiveSettings;
import io.postern.config.area.AuthSettings;
import io.postern.config.net.AdvertisedServer;
import io.postern.config.net.AdvertisedServer.Encryption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a mail program needs to know for the users of a domain. Services that are switched off are
 * left out.
 *
 * @param address whose settings are asked for, if it was said
 * @param domain the mail domain, in ASCII
 * @param external the servers for all users: IMAP, POP3, SMTP; of each the recommended first
 * @param internal those for users inside the network; empty unless they are to be shown
 * @param issuer of OAuth 2.0 tokens, if they are accepted
 */
public record ClientSettings(
    Optional<MailAddress> address,
    String domain,
    List<Service> external,
    List<Service> internal,
    Optional<String> issuer) {

  /** What a server is for. */
  public enum Protocol {
    /** Reading mail. */
    IMAP,
    /** Fetching mail. */
    POP3,
    /** Sending mail. */
    SMTP
  }

  /** A server, and what it is for. */
  public record Service(Protocol protocol, AdvertisedServer server) {
    /** Whether the connection begins with TLS. */
    boolean implicitTls() {
      return server.encryption() == Encryption.SSL;
    }
  }

  public ClientSettings {
    external = List.copyOf(external);
    internal = List.copyOf(internal);
  }

  /** Reads the settings in force. */
  public static ClientSettings of(LiveSettings now, String domain, Optional<MailAddress> address) {
    var imap = now.imap();
    var pop3 = now.pop3();
    var external =
        Stream.of(
            services(Protocol.IMAP, imap.enabled(), imap.externalConnectionSettings()),
            services(Protocol.POP3, pop3.enabled(), pop3.externalConnectionSettings()),
            services(Protocol.SMTP, true, now.smtp().advertisedSettings()));
    boolean shown = now.settingsPage().showInternalSettings();
    var internal =
        Stream.of(
            services(Protocol.IMAP, shown && imap.enabled(), imap.internalConnectionSettings()),
            services(Protocol.POP3, shown && pop3.enabled(), pop3.internalConnectionSettings()));
    return new ClientSettings(
        address,
        domain,
        external.flatMap(List::stream).toList(),
        internal.flatMap(List::stream).toList(),
        Optional.of(now.auth().oauth2())
            .filter(AuthSettings.OAuth2::complete)
            .flatMap(AuthSettings.OAuth2::issuer));
  }

  private static List<Service> services(
      Protocol protocol, boolean enabled, Optional<List<String>> texts) {
    return enabled
        ? AdvertisedServer.parse(texts.orElse(List.of())).stream()
            .sorted(Comparator.comparing(AdvertisedServer::encryption))
            .map(server -> new Service(protocol, server))
            .toList()
        : List.of();
  }

  /** The servers for all users that encrypt; the recommended one of each protocol first. */
  List<Service> encrypted() {
    return external.stream()
        .filter(service -> service.server.encryption() != Encryption.PLAINTEXT)
        .toList();
  }

  /** The servers for all users that begin with TLS. */
  List<Service> implicitTls() {
    return external.stream().filter(Service::implicitTls).toList();
  }

  /** The recommended encrypted server of a protocol. */
  Optional<Service> recommended(Protocol protocol) {
    return encrypted().stream().filter(service -> service.protocol == protocol).findFirst();
  }
}
