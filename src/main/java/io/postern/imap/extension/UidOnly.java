package io.postern.imap.extension;

import io.postern.imap.spi.Extension;
import io.postern.imap.state.ConnectionState;
import java.util.List;
import java.util.Set;

/**
 * UIDONLY (RFC 9586): once enabled, messages are named by UID alone, in commands and responses. The
 * readers of sequence numbers refuse them, and the encoder writes UIDFETCH and VANISHED.
 */
public final class UidOnly implements Extension {
  /** Its name for ENABLE, and of its capability. */
  private static final String NAME = "UIDONLY";

  @Override
  public int rfc() {
    return 9586;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of(NAME);
  }

  @Override
  public Set<String> requires() {
    return Set.of("ENABLE");
  }

  @Override
  public List<Enabling> enables() {
    return List.of(new Enabling(NAME, Enabling.Hook.NONE));
  }
}
