package io.postern.imap.extension;

import io.postern.imap.response.Untagged.StatusData;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.ImapPorts;
import io.postern.imap.spi.StatusItem;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxState;
import io.postern.model.message.SystemFlag;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** The STATUS item DELETED (RFC 9208 §4.1.4, RFC 9051 §6.3.11), with no capability of its own. */
public final class StatusDeleted implements Extension {
  private static final String DELETED = "DELETED";

  @Override
  public int rfc() {
    return 9208;
  }

  @Override
  public List<StatusItem> statusItems() {
    return List.of(new StatusItem(DELETED, StatusDeleted::count));
  }

  /** There is no counter of them: counted in the index, unless the mailbox is empty. */
  private static Uni<StatusData> count(ImapPorts ports, MailboxKey mailbox, MailboxState state) {
    var count =
        state.exists() == 0
            ? Uni.createFrom().item(0)
            : ports.indexes().current(mailbox).map(index -> index.count(SystemFlag.DELETED));
    return count.map(it -> new StatusData.Counter(DELETED, it));
  }
}
