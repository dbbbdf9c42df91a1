package io.postern.imap.extension;

import io.postern.imap.spi.Extension;
import io.postern.imap.state.ConnectionState;
import java.util.List;
import java.util.OptionalLong;

/**
 * Small non-synchronizing literals (RFC 7888 §5): a client asks before it sends a large one. Served
 * instead of LITERAL+ where the setting {@code mail.imap.literal-minus} says so.
 */
public final class LiteralMinus implements Extension {
  /** Octets of the largest literal that is sent without asking. */
  private static final long MAX = 4096;

  @Override
  public int rfc() {
    return 7888;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("LITERAL-");
  }

  @Override
  public OptionalLong unaskedLiteral() {
    return OptionalLong.of(MAX);
  }
}
