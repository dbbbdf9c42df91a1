package io.postern.imap.extension;

import io.postern.imap.command.Replace;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import java.util.List;

/** REPLACE (RFC 8508): a new message in place of another, as of a draft. */
public final class Replacing implements Extension {
  @Override
  public int rfc() {
    return 8508;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("REPLACE");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(Replace.REPLACE, Replace.UID_REPLACE);
  }
}
