package io.postern.admin.settingspage.format;

import io.postern.config.TestSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Settings of a domain, for tests. */
public final class Published {
  public static final String IMAP =
      "mail.imap.external-connection-settings=imap.example.com:143:TLS,imap.example.com:993:SSL";
  public static final String POP3 =
      "mail.pop3.external-connection-settings=pop.example.com:995:SSL,pop.example.com:110:TLS";
  public static final String SMTP =
      "mail.smtp.advertised-settings=smtp.example.com:465:SSL,smtp.example.com:587:TLS";
  public static final String ALICE = "alice@example.com";

  static final String[] OAUTH = {
    "mail.auth.oauth2.issuer=https://login.example.com/",
    "mail.auth.oauth2.audience=mail",
    "mail.auth.oauth2.jwks=https://login.example.com/keys"
  };

  private Published() {}

  /** The services switched on with three servers, and further settings. */
  public static String[] all(String... more) {
    var all = new ArrayList<>(List.of("mail.imap.enabled=true", "mail.pop3.enabled=true"));
    all.addAll(List.of(IMAP, POP3, SMTP));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** For alice@example.com. */
  static ClientSettings alice(String... settings) {
    return of(ALICE, settings);
  }

  static ClientSettings of(String address, String... settings) {
    var parsed = MailAddress.parse(address).orElseThrow();
    return ClientSettings.of(TestSettings.of(settings), parsed.domain(), Optional.of(parsed));
  }

  /** For a domain. */
  static ClientSettings domain(String... settings) {
    return ClientSettings.of(TestSettings.of(settings), "example.com", Optional.empty());
  }
}
