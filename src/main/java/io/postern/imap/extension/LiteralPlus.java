package io.postern.imap.extension;

import io.postern.imap.spi.Extension;
import io.postern.imap.state.ConnectionState;
import java.util.List;
import java.util.OptionalLong;

/** Non-synchronizing literals (RFC 7888); wire reads them, the session decides on each. */
public final class LiteralPlus implements Extension {
  @Override
  public int rfc() {
    return 7888;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("LITERAL+");
  }

  @Override
  public OptionalLong unaskedLiteral() {
    return OptionalLong.of(Long.MAX_VALUE);
  }
}
