package io.postern.imap.extension;

import io.postern.imap.response.Untagged.StatusData;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.ImapPorts;
import io.postern.imap.state.ConnectionState;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxState;
import io.postern.model.message.SystemFlag;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Set;

/**
 * IMAP4rev2 (RFC 9051), beside IMAP4rev1: a client that enabled it gets its responses; its commands
 * are those of the extensions that it includes.
 */
public final class Rev2 implements Extension {
  private static final String DELETED = "DELETED";

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

  /** RFC 9051 §6.3.11; SIZE is of STATUS=SIZE. */
  @Override
  public List<StatusItem> statusItems() {
    return List.of(new StatusItem(DELETED, Rev2::deleted));
  }

  /** There is no counter of them: counted in the index, unless the mailbox is empty. */
  private static Uni<StatusData> deleted(ImapPorts ports, MailboxKey mailbox, MailboxState state) {
    var count =
        state.exists() == 0
            ? Uni.createFrom().item(0)
            : ports.indexes().current(mailbox).map(index -> index.count(SystemFlag.DELETED));
    return count.map(it -> new StatusData.Counter(DELETED, it));
  }
}
