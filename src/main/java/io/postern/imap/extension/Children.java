package io.postern.imap.extension;

import io.postern.imap.spi.Extension;
import io.postern.imap.state.ConnectionState;
import io.postern.model.MailboxInfo;
import java.util.List;
import java.util.Optional;

/** Whether a mailbox has others below it (RFC 3348). */
public final class Children implements Extension {
  @Override
  public int rfc() {
    return 3348;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("CHILDREN");
  }

  @Override
  public List<String> listAttributes(Optional<MailboxInfo> mailbox, boolean hasChildren) {
    return List.of(hasChildren ? "\\HasChildren" : "\\HasNoChildren");
  }
}
