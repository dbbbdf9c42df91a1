package io.postern.imap.extension;

import io.postern.imap.response.Untagged.StatusData;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.ImapPorts;
import io.postern.imap.spi.StatusItem;
import io.postern.imap.state.ConnectionState;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxState;
import io.postern.store.IndexReader.ShownSize;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** STATUS=SIZE (RFC 8438): the octets of all messages of a mailbox. */
public final class StatusSize implements Extension {
  private static final String SIZE = "SIZE";

  /** Messages whose sizes are asked for at once. */
  private static final int BATCH = 128;

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
    return List.of(
        new StatusItem(
            SIZE,
            (ports, mailbox, state) ->
                ports.messages().renders() ? shown(ports, mailbox) : stored(state)));
  }

  private static Uni<StatusData> stored(MailboxState state) {
    return Uni.createFrom().item(new StatusData.Counter(SIZE, state.size()));
  }

  /** RFC 8438 §2: at least the sum of what RFC822.SIZE says of each message. */
  private static Uni<StatusData> shown(ImapPorts ports, MailboxKey mailbox) {
    return ports
        .indexes()
        .current(mailbox)
        .chain(
            index ->
                Multi.createFrom()
                    .range(0, (index.size() + BATCH - 1) / BATCH)
                    .onItem()
                    .transformToUniAndConcatenate(
                        batch -> octets(ports, mailbox, index, batch * BATCH))
                    .collect()
                    .with(Collectors.summingLong(Long::longValue)))
        .map(octets -> new StatusData.Counter(SIZE, octets));
  }

  /** Octets of the messages of a batch, as they are shown. */
  private static Uni<Long> octets(
      ImapPorts ports, MailboxKey mailbox, MailboxIndex index, int from) {
    var ids = new ArrayList<ContentId>();
    long stored = 0;
    for (int at = from; at < Math.min(index.size(), from + BATCH); at++) {
      ids.add(index.contentAt(at));
      stored += index.sizeAt(at);
    }
    long all = stored;
    return ports
        .messages()
        .shownSizes(mailbox.account(), ids)
        .map(shown -> all + more(index, from, ids, shown));
  }

  /** By how many octets the messages that are not shown as stored are larger than they are. */
  private static long more(
      MailboxIndex index, int from, List<ContentId> ids, Map<ContentId, ShownSize> shown) {
    long more = 0;
    for (int i = 0; i < ids.size(); i++) {
      var size = shown.get(ids.get(i));
      more += size == null ? 0 : (long) size.octets() - index.sizeAt(from + i);
    }
    return more;
  }
}
