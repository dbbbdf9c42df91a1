package io.postern.imap.extension;

import io.postern.imap.spi.Extension;
import io.postern.imap.state.ConnectionState;
import io.postern.model.MailboxState;
import java.util.List;

/** STATUS=SIZE (RFC 8438): the octets of all messages of a mailbox. */
public final class StatusSize implements Extension {
  @Override
  public int rfc() {
    return 8438;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("STATUS=SIZE");
  }

  @Override
  public List<StatusItem> statusItems() {
    return List.of(StatusItem.of("SIZE", MailboxState::size));
  }
}
