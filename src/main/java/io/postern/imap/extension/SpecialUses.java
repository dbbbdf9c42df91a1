package io.postern.imap.extension;

import io.postern.imap.spi.Extension;
import io.postern.imap.spi.ListOption;
import io.postern.imap.state.ConnectionState;
import io.postern.model.MailboxInfo;
import java.util.List;
import java.util.Optional;

/** Special-use attributes of mailboxes (RFC 6154 §2). */
public final class SpecialUses implements Extension {
  @Override
  public int rfc() {
    return 6154;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("SPECIAL-USE");
  }

  @Override
  public List<String> listAttributes(Optional<MailboxInfo> mailbox, boolean hasChildren) {
    return mailbox.flatMap(MailboxInfo::use).map(use -> List.of(use.attribute())).orElse(List.of());
  }

  @Override
  public List<ListOption> listOptions() {
    return List.of(
        new ListOption.Selection(
            "SPECIAL-USE", name -> name.mailbox().flatMap(MailboxInfo::use).isPresent()),
        // RFC 6154 §2: the attributes are returned in any case.
        new ListOption.Return("SPECIAL-USE", new ListOption.Shows() {}));
  }
}
