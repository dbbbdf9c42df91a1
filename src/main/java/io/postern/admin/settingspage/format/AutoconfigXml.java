package io.postern.admin.settingspage.format;

import io.postern.admin.settingspage.format.ClientSettings.Protocol;
import io.postern.admin.settingspage.format.ClientSettings.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code config-v1.1.xml}, which Thunderbird, K-9 Mail, Evolution and others read
 * (draft-ietf-mailmaint-autoconfig-04). K-9 Mail refuses the whole file for one server without
 * encryption, and programs need a server of each direction. Programs that know no OAuth 2.0 take
 * the password, which is named after it.
 */
public final class AutoconfigXml {
  private AutoconfigXml() {}

  /** Writes the file; empty when there is no encrypted server to read or to send mail. */
  public static Optional<String> of(ClientSettings settings) {
    var servers = settings.encrypted();
    boolean sends = servers.stream().anyMatch(it -> it.protocol() == Protocol.SMTP);
    boolean reads = servers.stream().anyMatch(it -> it.protocol() != Protocol.SMTP);
    return sends && reads
        ? Optional.of(
            Templates.render(
                "autoconfig.xml",
                Map.of(
                    "domain", settings.domain(),
                    "user", settings.address().map(MailAddress::toString).orElse("%EMAILADDRESS%"),
                    "oauth", settings.issuer().isPresent(),
                    "servers", servers.stream().map(AutoconfigXml::values).toList())))
        : Optional.empty();
  }

  private static Map<String, Object> values(Service service) {
    boolean outgoing = service.protocol() == Protocol.SMTP;
    return Map.of(
        "element",
        outgoing ? "outgoingServer" : "incomingServer",
        "type",
        List.of("imap", "pop3", "smtp").get(service.protocol().ordinal()),
        "host",
        service.server().host(),
        "port",
        service.server().port(),
        "socketType",
        service.implicitTls() ? "SSL" : "STARTTLS",
        "pop3",
        service.protocol() == Protocol.POP3);
  }
}
