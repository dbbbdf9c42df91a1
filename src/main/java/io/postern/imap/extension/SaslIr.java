package io.postern.imap.extension;

import io.postern.auth.Sasl;
import io.postern.imap.session.Extension;
import io.postern.imap.session.Terms;
import java.util.ArrayList;
import java.util.List;

/**
 * Initial responses (RFC 4959) and the mechanisms that AUTHENTICATE takes; AUTHENTICATE reads them.
 */
public final class SaslIr implements Extension {
  private final List<Sasl.Mechanism> mechanisms;

  public SaslIr(List<Sasl.Mechanism> mechanisms) {
    this.mechanisms = List.copyOf(mechanisms);
  }

  @Override
  public int rfc() {
    return 4959;
  }

  @Override
  public List<String> capabilities(Terms terms) {
    if (terms.loggedIn()) {
      return List.of();
    }
    var shown = new ArrayList<>(List.of("SASL-IR"));
    mechanisms.stream()
        .filter(m -> terms.mayGivePassword() || !m.plainText())
        .forEach(m -> shown.add("AUTH=" + m.name()));
    return shown;
  }
}
