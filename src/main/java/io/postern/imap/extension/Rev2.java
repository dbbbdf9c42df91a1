package io.postern.imap.extension;

import io.postern.imap.spi.Extension;
import io.postern.imap.state.ConnectionState;
import java.util.List;
import java.util.Set;

/**
 * IMAP4rev2 (RFC 9051), beside IMAP4rev1: a client that enabled it gets its responses; its commands
 * are those of the extensions that it includes.
 */
public final class Rev2 implements Extension {
  @Override
  public int rfc() {
    return 9051;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("IMAP4rev2");
  }

  /** RFC 9051 Appendix E: what it includes. */
  @Override
  public Set<String> requires() {
    return Set.of(
        "BINARY",
        "ENABLE",
        "ESEARCH",
        "IDLE",
        "LIST-EXTENDED",
        "LIST-STATUS",
        "MOVE",
        "NAMESPACE",
        "SASL-IR",
        "SEARCHRES",
        "SPECIAL-USE",
        "STATUS=SIZE",
        "UIDPLUS",
        "UNSELECT");
  }

  @Override
  public List<Enabling> enables() {
    return List.of(new Enabling("IMAP4REV2", Enabling.Hook.NONE));
  }
}
