package io.postern.imap.extension;

import io.postern.imap.spi.Extension;
import io.postern.imap.state.ConnectionState;
import java.util.List;

/**
 * I18NLEVEL=1 (RFC 5255 §4.3): SEARCH, SORT and THREAD compare texts by i;unicode-casemap (RFC
 * 5051), once their encoding is undone. A text in an unknown charset is read as one of single
 * octets.
 */
public final class Comparators implements Extension {
  @Override
  public int rfc() {
    return 5255;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("I18NLEVEL=1");
  }
}
