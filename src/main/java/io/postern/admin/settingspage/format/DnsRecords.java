package io.postern.admin.settingspage.format;

import io.postern.admin.settingspage.format.ClientSettings.Protocol;
import io.postern.admin.settingspage.format.ClientSettings.Service;
import java.util.Optional;

/**
 * The records that the administrator of a mail domain publishes, as lines of a zone file (RFC 1035
 * §5.1): SRV for mail programs (RFC 6186, RFC 8314 §5.1), and the digest of {@link PaccJson}.
 */
public final class DnsRecords {
  /** One SRV record; clients prefer the lowest priority (RFC 6186 §3.3). */
  private record Label(String name, Protocol protocol, boolean implicitTls, int priority) {}

  private static final Label[] LABELS = {
    new Label("_imaps", Protocol.IMAP, true, 0),
    new Label("_imap", Protocol.IMAP, false, 10),
    new Label("_pop3s", Protocol.POP3, true, 20),
    new Label("_pop3", Protocol.POP3, false, 30),
    new Label("_submissions", Protocol.SMTP, true, 0),
    new Label("_submission", Protocol.SMTP, false, 10),
  };

  private DnsRecords() {}

  /** Writes the records; what is not offered is said to be so. */
  public static String of(ClientSettings settings) {
    var text = new StringBuilder();
    for (var label : LABELS) {
      text.append(label.name + "._tcp." + settings.domain() + ". IN SRV ")
          .append(service(settings, label).map(it -> target(label, it)).orElse("0 0 0 ."))
          .append('\n');
    }
    digest(settings).ifPresent(it -> text.append(it).append('\n'));
    return text.toString();
  }

  /** The record that authenticates the PACC document; empty when there is none. */
  public static Optional<String> digest(ClientSettings settings) {
    return PaccJson.of(settings)
        .map(
            document ->
                "_ua-auto-config."
                    + settings.domain()
                    + ". IN TXT \""
                    + PaccJson.record(document)
                    + "\"");
  }

  private static Optional<Service> service(ClientSettings settings, Label label) {
    return settings.encrypted().stream()
        .filter(it -> it.protocol() == label.protocol && it.implicitTls() == label.implicitTls)
        .findFirst();
  }

  private static String target(Label label, Service service) {
    return label.priority + " 1 " + service.server().port() + " " + service.server().host() + ".";
  }
}
