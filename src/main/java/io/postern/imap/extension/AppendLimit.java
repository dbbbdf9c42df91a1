package io.postern.imap.extension;

import io.postern.imap.response.Untagged.StatusData;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.ImapPorts;
import io.postern.imap.spi.StatusItem;
import io.postern.imap.state.ConnectionState;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxState;
import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * APPENDLIMIT (RFC 7889): the octets of the largest message that can be appended. The limit is a
 * setting that can change during a session, so STATUS has it and not the capability.
 */
public final class AppendLimit implements Extension {
  private static final String NAME = "APPENDLIMIT";

  @Override
  public int rfc() {
    return 7889;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of(NAME);
  }

  @Override
  public List<StatusItem> statusItems() {
    return List.of(new StatusItem(NAME, AppendLimit::limit));
  }

  private static Uni<StatusData> limit(ImapPorts ports, MailboxKey mailbox, MailboxState state) {
    long octets = ports.live().now().maxReceiveSize().asLongValue();
    return Uni.createFrom().item(new StatusData.Counter(NAME, octets));
  }
}
