package io.postern.imap.extension;

import io.postern.imap.command.MultiSearch;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import java.util.List;
import java.util.Set;

/** MULTISEARCH (RFC 7377): ESEARCH, which goes through several mailboxes. */
public final class Multisearch implements Extension {
  @Override
  public int rfc() {
    return 7377;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("MULTISEARCH");
  }

  /** Its responses are those of ESEARCH (RFC 4731). */
  @Override
  public Set<String> requires() {
    return Set.of("ESEARCH");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(MultiSearch.VERB);
  }
}
