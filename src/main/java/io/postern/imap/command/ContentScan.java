package io.postern.imap.command;

import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.model.Ids.ContentId;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.Contents;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashSet;
import java.util.Optional;

/**
 * Reads the facts of many messages in batches that are bounded in number and octets, and passes
 * them on one by one in time slices.
 */
final class ContentScan {
  /** Messages whose facts are held at once. */
  private static final int BATCH = 256;

  /** Octets of facts that are held at once, the first message's aside. */
  private static final int BATCH_OCTETS = 2 * 1024 * 1024;

  private final CommandContext context;
  private final View view;
  private final MailboxIndex index;
  private final int[] positions;
  private final Columns columns;
  private final TimeSlices slices;
  private int next;

  /** Takes the facts of one message. */
  @FunctionalInterface
  interface Taker {
    /**
     * Takes one message.
     *
     * @param at the message, counted from 0
     * @param content empty when it is gone meanwhile
     */
    void take(int at, Optional<Content> content);
  }

  ContentScan(
      CommandContext context,
      View view,
      MailboxIndex index,
      int[] positions,
      Columns columns,
      TimeSlices slices) {
    this.context = context;
    this.view = view;
    this.index = index;
    this.positions = positions;
    this.columns = columns;
    this.slices = slices;
  }

  /** Completes when all messages were taken. */
  Uni<Void> run(Taker taker) {
    if (positions.length == 0) {
      return Uni.createFrom().voidItem();
    }
    return Multi.createBy()
        .repeating()
        // A disconnected client never has room: nothing more is read for it.
        .uni(() -> batch(taker).chain(() -> context.reply().room()).replaceWith(true))
        .whilst(_ -> next < positions.length)
        .onItem()
        .ignoreAsUni();
  }

  private Uni<Void> batch(Taker taker) {
    int end = Math.min(positions.length, next + BATCH);
    var ids = new LinkedHashSet<ContentId>();
    for (int i = next; i < end; i++) {
      ids.add(index.contentAt(positions[i]));
    }
    var memory = context.reply().allowance(BATCH_OCTETS);
    return context
        .ports()
        .messages()
        .contents(view.mailbox().account(), ids, columns, memory.octets())
        .invoke(it -> memory.keep(it.found().values().stream().mapToLong(Content::held).sum()))
        .chain(contents -> slices.repeat(() -> takes(contents, end, taker)))
        .onTermination()
        .invoke(memory::release);
  }

  /** Passes one message on; false at the end of those that were read. */
  private boolean takes(Contents contents, int end, Taker taker) {
    if (next == end) {
      return false;
    }
    var id = index.contentAt(positions[next]);
    if (contents.left().contains(id)) {
      return false;
    }
    taker.take(next++, Optional.ofNullable(contents.found().get(id)));
    return true;
  }
}
