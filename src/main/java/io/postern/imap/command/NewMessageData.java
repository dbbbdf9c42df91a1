package io.postern.imap.command;

import io.postern.imap.selected.SelectedEvents;
import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.FetchItem;
import io.postern.model.NumberSet;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Sends the data of new messages that a client asked for beforehand (RFC 5465 §5.2, §7). Sets no
 * {@code \Seen}, whatever the items: what is sent without a command writes nothing.
 *
 * @param context of the command that asked
 */
public record NewMessageData(CommandContext context, List<FetchItem> items)
    implements SelectedEvents.NewMessageFetch {
  @Override
  public Uni<Void> send(View view, MailboxIndex index, NumberSet uids) {
    var shown = new LinkedHashSet<>(items);
    if (context.reply().showsModSeq()) {
      // RFC 7162 §3.2.4
      if (!context.reply().beginsWithUid()) {
        shown.add(FetchFact.UID);
      }
      shown.add(FetchItem.MODSEQ);
    }
    return FetchRun.withoutSeen(
            context, view, index, List.copyOf(shown), view.positions(index, uids))
        .rows();
  }
}
