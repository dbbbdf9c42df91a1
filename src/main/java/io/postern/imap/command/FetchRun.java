package io.postern.imap.command;

import io.postern.imap.response.FetchData;
import io.postern.imap.response.MessageWriter;
import io.postern.imap.response.Untagged;
import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.FetchItem;
import io.postern.imap.spi.FetchItem.Need;
import io.postern.imap.spi.FetchItem.Row;
import io.postern.model.Flags;
import io.postern.model.FlagsUpdate;
import io.postern.model.FlagsUpdate.Mode;
import io.postern.model.Ids.ContentId;
import io.postern.model.Keywords;
import io.postern.model.MessageColumns;
import io.postern.model.NumberSet;
import io.postern.model.SystemFlag;
import io.postern.store.Blobs;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.Contents;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The answers of one FETCH. Messages are taken in batches that are bounded in number and in octets,
 * so that what is held of them for a client that reads slowly stays small, and {@code \Seen} is set
 * by few calls. Room is awaited between messages, and between the items of one that says much; the
 * event loop is given to others when {@link #MAX_ANSWER} octets have been gone through.
 */
final class FetchRun {
  /** Messages whose facts are held at once. */
  private static final int BATCH = 128;

  /** The same when bytes are sent, which takes longer. */
  private static final int BATCH_WITH_BYTES = 16;

  /** Octets of messages that are held at once, read together with their facts. */
  private static final int MAX_BYTES = 256 * 1024;

  /** Octets of facts and messages that are held at once, not counting the first message. */
  private static final int MAX_OCTETS = 1024 * 1024;

  /** With less memory than this, neither bytes nor headers are loaded: they are streamed. */
  private static final int SCARCE = 128 * 1024;

  /** Octets of one message's answer that are written at once, and of work in one turn. */
  private static final int MAX_ANSWER = 64 * 1024;

  private final CommandContext context;
  private final View view;
  private final MailboxIndex index;
  private final List<FetchItem> items;
  private final Need need;
  private final boolean setsSeen;
  private final int[] all;
  private int next;

  /** Octets that were gone through in this turn. */
  private long worked;

  /**
   * @param positions of the messages in the index
   */
  FetchRun(
      CommandContext context,
      View view,
      MailboxIndex index,
      List<FetchItem> items,
      int[] positions) {
    this.context = context;
    this.view = view;
    this.index = index;
    this.items = items;
    this.all = positions;
    this.need = items.stream().map(FetchItem::need).reduce(Need.INDEX, Need::and);
    this.setsSeen = !view.readOnly() && items.stream().anyMatch(FetchItem::setsSeen);
  }

  /**
   * The loaded content of some messages.
   *
   * @param positions in the index
   * @param changed those of which this command changed the flags, ascending by UID
   * @param keywords of the changed flags
   */
  private record Batch(
      int[] positions,
      Map<ContentId, Content> contents,
      MessageColumns changed,
      Keywords keywords) {}

  /** Answers the messages that are still there. */
  Uni<Void> rows() {
    if (!need.facts() && !setsSeen) {
      var batch = new Batch(all, Map.of(), MessageColumns.EMPTY, index.keywords());
      return context.reply().each(all.length, i -> send(row(batch, all[i]), items));
    }
    if (all.length == 0) {
      return Uni.createFrom().voidItem();
    }
    return Multi.createBy()
        .repeating()
        // A disconnected client never has room: nothing more is read for it.
        .uni(() -> batch().chain(() -> context.reply().room()).replaceWith(true))
        .whilst(_ -> next < all.length)
        .onItem()
        .ignoreAsUni();
  }

  /** Loads and writes the next messages, as many as memory allows. */
  private Uni<Void> batch() {
    int size = need.bytes() ? BATCH_WITH_BYTES : BATCH;
    var some = Arrays.copyOfRange(all, next, Math.min(all.length, next + size));
    var memory = context.reply().allowance(MAX_OCTETS);
    return contents(some, memory.octets())
        .invoke(it -> memory.keep(it.found().values().stream().mapToLong(Content::held).sum()))
        .chain(contents -> seen(reached(some, contents), contents.found()))
        .chain(
            batch ->
                Multi.createFrom()
                    .range(0, batch.positions.length)
                    .onItem()
                    .transformToUniAndConcatenate(i -> answer(batch, batch.positions[i]))
                    .onItem()
                    .ignoreAsUni())
        .onTermination()
        .invoke(memory::release);
  }

  /** The messages of a batch before the first one that was left out. */
  private int[] reached(int[] positions, Contents contents) {
    int count = 0;
    while (count < positions.length
        && !contents.left().contains(index.contentAt(positions[count]))) {
      count++;
    }
    next += count;
    return Arrays.copyOf(positions, count);
  }

  private Uni<Contents> contents(int[] positions, int octets) {
    if (!need.facts()) {
      return Uni.createFrom().item(new Contents(Map.of(), Set.of()));
    }
    var ids = new LinkedHashSet<ContentId>();
    for (int at : positions) {
      ids.add(index.contentAt(at));
    }
    boolean scarce = octets < SCARCE;
    int bytes = need.bytes() && !scarce ? Math.min(Blobs.CHUNK, MAX_BYTES / ids.size()) : 0;
    var columns = new Columns(need.structure(), need.header() && !scarce, bytes);
    return context.ports().messages().contents(view.mailbox().account(), ids, columns, octets);
  }

  /** RFC 3501 §6.4.5: fetching without PEEK sets \Seen, and the response shows it. */
  private Uni<Batch> seen(int[] positions, Map<ContentId, Content> contents) {
    var uids = setsSeen ? unseen(positions) : NumberSet.EMPTY;
    if (uids.isEmpty()) {
      var batch = new Batch(positions, contents, MessageColumns.EMPTY, index.keywords());
      return Uni.createFrom().item(batch);
    }
    return context
        .ports()
        .messages()
        .storeFlags(view.mailbox(), uids, new FlagsUpdate(Mode.ADD, Flags.of(SystemFlag.SEEN)))
        .invoke(this::noteSeen)
        .map(it -> new Batch(positions, contents, it.changed(), it.keywords()));
  }

  private NumberSet unseen(int[] positions) {
    var unseen = new NumberSet.Builder();
    for (int at : positions) {
      if ((index.flags(at) & SystemFlag.SEEN.bit()) == 0) {
        unseen.add(index.uid(at));
      }
    }
    return unseen.build();
  }

  /** The responses show the change: it is not sent again as an update. */
  private void noteSeen(Changed changed) {
    context.listener().changed(view.mailbox(), changed.modSeq());
    if (changed.modSeq().isAfter(changed.previous())) {
      view.knows(changed.modSeq());
    }
    context.updates().keywords(view, changed);
  }

  private Row row(Batch batch, int position) {
    long uid = index.uid(position);
    int changed = batch.changed.positionOf(uid);
    return new Row(
        view.number(index, position, uid),
        uid,
        changed < 0 ? index.flags(position) : batch.changed.flags()[changed],
        // Each set of flags has its own keywords: a bit may mean another one by now.
        changed < 0 ? index.keywords() : batch.keywords,
        view.isRecent(uid),
        new FetchItem.Entry(index, position),
        batch.contents.isEmpty()
            ? Optional.empty()
            : Optional.ofNullable(batch.contents.get(index.contentAt(position))));
  }

  private Uni<Void> answer(Batch batch, int position) {
    var row = row(batch, position);
    if (need.facts() && row.content().isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    var shown = items;
    if (batch.changed.positionOf(row.uid()) >= 0 && !items.contains(FetchFact.FLAGS)) {
      shown = new ArrayList<>(items);
      shown.add(FetchFact.FLAGS);
    }
    long octets = 0;
    boolean atHand = true;
    for (var item : shown) {
      octets += item.octets(row);
      atHand &= item.atHand(row);
    }
    if (atHand && octets <= MAX_ANSWER) {
      send(row, shown);
      return rest(octets);
    }
    return stream(row, shown).chain(() -> rest(0));
  }

  /**
   * Completes, at once where possible, when there is room and the turn has not done too much yet.
   *
   * @param octets that were gone through since the last call
   */
  private Uni<Void> rest(long octets) {
    worked += octets;
    if (worked >= MAX_ANSWER) {
      worked = 0;
      return context.reply().pause();
    }
    return context.reply().full() ? context.reply().room() : Uni.createFrom().voidItem();
  }

  private void send(Row row, List<FetchItem> shown) {
    var data = new ArrayList<FetchData>(shown.size());
    for (var item : shown) {
      data.add(item.data(row));
    }
    context.reply().send(new Untagged.MessageData(row.number(), row.uid(), data));
  }

  private Uni<Void> stream(Row row, List<FetchItem> shown) {
    var message = context.reply().message(row.number(), row.uid());
    return Multi.createFrom()
        .iterable(shown)
        .onItem()
        .transformToUniAndConcatenate(item -> add(message, row, item))
        .onItem()
        .ignoreAsUni()
        .invoke(message::end)
        .onFailure()
        .invoke(message::fail);
  }

  private Uni<Void> add(MessageWriter message, Row row, FetchItem item) {
    var sent =
        item.atHand(row)
            ? message.add(item.data(row))
            : item.stream(row, context).chain(message::add);
    return sent.chain(() -> rest(item.octets(row)));
  }
}
