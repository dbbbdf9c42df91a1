package io.postern.imap.extension;

import io.postern.imap.spi.Extension;
import io.postern.imap.state.ConnectionState;
import java.util.ArrayList;
import java.util.List;

/** Initial responses (RFC 4959) and the SASL mechanisms; AUTHENTICATE implements both. */
public final class SaslIr implements Extension {
  @Override
  public int rfc() {
    return 4959;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    if (connectionState.loggedIn()) {
      return List.of();
    }
    var shown = new ArrayList<>(List.of("SASL-IR"));
    connectionState.offer().names().forEach(name -> shown.add("AUTH=" + name));
    return shown;
  }
}
