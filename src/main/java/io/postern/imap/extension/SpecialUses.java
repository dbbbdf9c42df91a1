package io.postern.imap.extension;

import io.postern.imap.session.Extension;
import io.postern.imap.session.Terms;
import io.postern.model.MailboxInfo;
import java.util.List;

/** What a mailbox is kept for (RFC 6154 §2). */
public final class SpecialUses implements Extension {
  @Override
  public int rfc() {
    return 6154;
  }

  @Override
  public List<String> capabilities(Terms terms) {
    return List.of("SPECIAL-USE");
  }

  @Override
  public List<String> listAttributes(MailboxInfo mailbox, boolean hasChildren) {
    return mailbox.use().map(use -> List.of(use.attribute())).orElse(List.of());
  }
}
