package io.postern.imap.extension;

import io.postern.imap.command.Sort;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import java.util.List;

/** SORT (RFC 5256), by display names too (RFC 5957), with return options (RFC 5267 §3.1). */
public final class Sorting implements Extension {
  @Override
  public int rfc() {
    return 5256;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("SORT", "SORT=DISPLAY", "ESORT");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(Sort.SORT, Sort.UID_SORT);
  }
}
