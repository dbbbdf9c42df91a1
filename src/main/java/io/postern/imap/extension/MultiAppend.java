package io.postern.imap.extension;

import io.postern.imap.spi.Extension;
import io.postern.imap.state.ConnectionState;
import java.util.List;

/** MULTIAPPEND (RFC 3502): several messages in one APPEND, all of them or none. */
public final class MultiAppend implements Extension {
  @Override
  public int rfc() {
    return 3502;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("MULTIAPPEND");
  }

  @Override
  public boolean appendsSeveral() {
    return true;
  }
}
