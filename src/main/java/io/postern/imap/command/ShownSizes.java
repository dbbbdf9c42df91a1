package io.postern.imap.command;

import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.model.Ids.ContentId;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.stream.IntStream;

/**
 * The sizes of messages that are not shown as they are stored, read for one command. Where all
 * messages are shown as they are stored it does nothing.
 */
final class ShownSizes {
  /** Messages whose sizes are asked for at once. */
  private static final int BATCH = 128;

  private final CommandContext context;
  private final View view;
  private final MailboxIndex index;

  /** By position; negative where the size is the index's. */
  private final int[] sizes;

  /**
   * @param asked whether the command asks for sizes at all
   */
  ShownSizes(CommandContext context, View view, MailboxIndex index, boolean asked) {
    this.context = context;
    this.view = view;
    this.index = index;
    boolean needed = asked && context.ports().messages().renders();
    this.sizes = new int[needed ? index.size() : 0];
    Arrays.fill(sizes, -1);
  }

  /** Whether sizes have to be read. */
  boolean needed() {
    return sizes.length > 0;
  }

  /** The size of a message that was read; negative when it is the index's. */
  int at(int position) {
    return sizes.length == 0 ? -1 : sizes[position];
  }

  /** The size of a message that was read, or the index's. */
  int orStored(int position, int stored) {
    int shown = at(position);
    return shown < 0 ? stored : shown;
  }

  /** Reads the sizes of the messages before this position. */
  Uni<Void> readUpTo(int end) {
    return needed() ? read(IntStream.range(0, end).toArray()) : Uni.createFrom().voidItem();
  }

  /** Reads the sizes of the messages at these positions. */
  Uni<Void> read(int[] positions) {
    if (!needed() || positions.length == 0) {
      return Uni.createFrom().voidItem();
    }
    var next = new int[1];
    return Multi.createBy()
        .repeating()
        // A disconnected client never has room: nothing more is rendered for it.
        .uni(
            () -> {
              int from = next[0];
              next[0] = Math.min(positions.length, from + BATCH);
              var batch = Arrays.copyOfRange(positions, from, next[0]);
              return batch(batch).chain(() -> context.reply().room()).replaceWith(true);
            })
        .whilst(_ -> next[0] < positions.length)
        .onItem()
        .ignoreAsUni();
  }

  private Uni<Void> batch(int[] positions) {
    var ids = new LinkedHashSet<ContentId>();
    for (int at : positions) {
      ids.add(index.contentAt(at));
    }
    return context
        .ports()
        .messages()
        .shownSizes(view.mailbox().account(), ids)
        .invoke(
            shown -> {
              for (int at : positions) {
                var size = shown.get(index.contentAt(at));
                sizes[at] = size == null ? -1 : size.octets();
              }
            })
        .replaceWithVoid();
  }
}
