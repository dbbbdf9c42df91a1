package io.postern.imap.extension;

import io.postern.imap.command.CatenateData;
import io.postern.imap.spi.AppendData;
import io.postern.imap.spi.Extension;
import io.postern.imap.state.ConnectionState;
import java.util.List;

/**
 * CATENATE (RFC 4469): messages made of texts and of parts of other messages of the account. There
 * are no URLs for others (URLAUTH).
 */
public final class Catenate implements Extension {
  @Override
  public int rfc() {
    return 4469;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("CATENATE");
  }

  @Override
  public List<AppendData> appendData() {
    return List.of(new CatenateData());
  }
}
