package io.postern.imap.extension;

import io.postern.imap.command.Progress;
import io.postern.imap.spi.Extension;
import io.postern.imap.state.ConnectionState;
import java.util.List;

/** INPROGRESS (RFC 9585): a long search, copy or move says that it still runs. */
public final class InProgress implements Extension {
  @Override
  public int rfc() {
    return 9585;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of(Progress.CAPABILITY);
  }
}
