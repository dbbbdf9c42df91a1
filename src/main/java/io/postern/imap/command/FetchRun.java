package io.postern.imap.command;

import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.FetchItem;
import io.postern.imap.spi.FetchItem.Need;
import io.postern.imap.spi.FetchItem.Row;
import io.postern.imap.state.Outcome;
import io.postern.model.Ids.ContentId;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.SystemFlag;
import io.postern.store.Blobs;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.Contents;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure.NoRight;
import io.postern.store.index.MailboxIndex;
import io.postern.store.index.RowCursor;
import io.postern.wire.Outbox.Allowance;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The answers of one FETCH. Messages are taken in batches that are bounded in number and in octets,
 * so that what is held of them for a client that reads slowly stays small, and {@code \Seen} is set
 * by few calls; the next batch is asked for while one is written. What is in memory is written by a
 * plain loop, which waits only for room, between messages and between the items of one that says
 * much, and gives the event loop to others at times.
 */
final class FetchRun {
  /** Messages whose facts are held at once. */
  private static final int BATCH = 128;

  /** Octets of messages whose bytes are read with the facts of a batch. */
  private static final int MAX_BYTES = 512 * 1024;

  /** Octets of facts and messages that are held of a batch, not counting the first message. */
  private static final int MAX_OCTETS = 768 * 1024;

  /** With less memory than this, neither bytes nor headers are loaded: they are streamed. */
  private static final int SCARCE = 128 * 1024;

  private final CommandContext context;
  private final View view;
  private final MailboxIndex index;
  private final RowCursor cursor;
  private final List<FetchItem> items;
  private final Need need;
  private final boolean setsSeen;
  private final ShownSizes sizes;
  private final int[] all;
  private final FetchAnswers answers;
  private int next;

  /**
   * @param positions of the messages in the index
   */
  FetchRun(
      CommandContext context,
      View view,
      MailboxIndex index,
      List<FetchItem> items,
      int[] positions) {
    this(context, view, index, items, positions, true);
  }

  /** A run that sets no {@code \Seen}, whatever the items. */
  static FetchRun withoutSeen(
      CommandContext context,
      View view,
      MailboxIndex index,
      List<FetchItem> items,
      int[] positions) {
    return new FetchRun(context, view, index, items, positions, false);
  }

  private FetchRun(
      CommandContext context,
      View view,
      MailboxIndex index,
      List<FetchItem> items,
      int[] positions,
      boolean mayWrite) {
    this.context = context;
    this.view = view;
    this.index = index;
    this.cursor = index.rows();
    this.items = items;
    this.all = positions;
    this.answers = new FetchAnswers(context);
    this.need = items.stream().map(FetchItem::need).reduce(Need.INDEX, Need::and);
    this.setsSeen =
        mayWrite
            && (view.changeable() & SystemFlag.SEEN.bit()) != 0
            && items.stream().anyMatch(FetchItem::setsSeen);
    this.sizes = new ShownSizes(context, view, index, items.contains(FetchFact.RFC822_SIZE));
  }

  /**
   * Messages whose contents were loaded.
   *
   * @param positions in the index
   * @param memory that they take
   */
  private record Loaded(int[] positions, Contents contents, Allowance memory) {}

  /**
   * The same, ready to be written.
   *
   * @param changed those of which this command changed the flags, ascending by UID
   * @param keywords of the changed flags
   */
  private record Batch(
      int[] positions,
      Map<ContentId, Content> contents,
      MessageColumns changed,
      Keywords keywords) {}

  /** Why an item of a message was left out, if one was. */
  Optional<Outcome.No> refusal() {
    return answers.refusal();
  }

  /** Answers the messages that are still there. */
  Uni<Void> rows() {
    if (items.contains(FetchFact.FLAGS)) {
      context.updates().keywords(view, index);
    }
    if (!need.facts() && !setsSeen && !sizes.needed()) {
      var batch = new Batch(all, Map.of(), MessageColumns.EMPTY, index.keywords());
      return context.reply().each(all.length, i -> answers.send(row(batch, all[i]), items));
    }
    if (all.length == 0) {
      return Uni.createFrom().voidItem();
    }
    return ReadAhead.run(this::load, loaded -> loaded.memory.release(), this::batch);
  }

  /** Loads the next messages, as many as memory allows; empty when there are none. */
  private Optional<Uni<Loaded>> load() {
    if (next >= all.length) {
      return Optional.empty();
    }
    // A disconnected client never has room: nothing more is read for it.
    return Optional.of(
        Uni.createFrom()
            .deferred(
                () -> {
                  var memory = context.reply().allowance(MAX_OCTETS);
                  var some = Arrays.copyOfRange(all, next, next + batchSize());
                  return sizes
                      .read(some)
                      .chain(() -> contents(some, memory.octets()))
                      .map(contents -> loaded(some, contents, memory))
                      .onFailure()
                      .invoke(memory::release)
                      .onCancellation()
                      .invoke(memory::release);
                }));
  }

  /** How many of the next messages are read at once: 1 or more. */
  private int batchSize() {
    int count = 0;
    long octets = 0;
    while (count < BATCH && next + count < all.length && octets < MAX_BYTES) {
      int size = index.sizeAt(all[next + count]);
      octets += need.bytes() && size <= Blobs.CHUNK ? size : 0;
      count += octets <= MAX_BYTES || count == 0 ? 1 : 0;
    }
    return count;
  }

  /** The messages of a batch before the first one that was left out. */
  private Loaded loaded(int[] positions, Contents contents, Allowance memory) {
    memory.keep(contents.found().values().stream().mapToLong(Content::held).sum());
    int count = 0;
    while (count < positions.length
        && !contents.left().contains(index.contentAt(positions[count]))) {
      count++;
    }
    next += count;
    return new Loaded(Arrays.copyOf(positions, count), contents, memory);
  }

  private Uni<Void> batch(Loaded loaded) {
    return seen(loaded.positions, loaded.contents.found())
        .chain(this::write)
        .onTermination()
        .invoke(loaded.memory::release);
  }

  private Uni<Contents> contents(int[] positions, int octets) {
    if (!need.facts()) {
      return Uni.createFrom().item(new Contents(Map.of(), Set.of()));
    }
    var ids = new LinkedHashSet<ContentId>();
    boolean large = false;
    for (int at : positions) {
      ids.add(index.contentAt(at));
      large |= index.sizeAt(at) > Blobs.CHUNK;
    }
    boolean scarce = octets < SCARCE;
    int bytes = scarce ? Columns.STREAMED : Blobs.CHUNK;
    var columns =
        new Columns(
            need.structure(),
            // Otherwise it is read from the bytes.
            need.header() && !scarce && (large || !need.bytes()),
            need.bytes() || (scarce && need.header()) ? bytes : 0);
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
        .map(it -> new Batch(positions, contents, it.changed(), it.keywords()))
        // The right was withdrawn meanwhile: the messages are shown, and stay as they are.
        .onFailure(it -> it instanceof StoreException e && e.failure() instanceof NoRight)
        .recoverWithItem(
            () -> new Batch(positions, contents, MessageColumns.EMPTY, index.keywords()));
  }

  private NumberSet unseen(int[] positions) {
    var unseen = new NumberSet.Builder();
    int[] ascending = positions.clone();
    Arrays.sort(ascending);
    for (int at : ascending) {
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
    cursor.moveTo(position);
    long uid = cursor.uid();
    int changed = batch.changed.positionOf(uid);
    return new Row(
        view.number(position, uid),
        uid,
        changed < 0 ? cursor.flags() : batch.changed.flags()[changed],
        changed < 0 ? cursor.modSeq() : batch.changed.modSeqs()[changed],
        // Each set of flags has its own keywords: a bit may mean another one by now.
        changed < 0 ? index.keywords() : batch.keywords,
        view.isRecent(uid),
        new FetchItem.Entry(view.mailbox().account(), index, position, sizes.at(position)),
        batch.contents.isEmpty()
            ? Optional.empty()
            : Optional.ofNullable(batch.contents.get(index.contentAt(position))));
  }

  /** Writes the messages of a batch: in the calling turn as long as nothing has to be awaited. */
  private Uni<Void> write(Batch batch) {
    var writing = new Writing(batch);
    return Multi.createBy()
        .repeating()
        .uni(() -> writing.advance().replaceWith(true))
        .whilst(_ -> writing.at < batch.positions.length)
        .onItem()
        .ignoreAsUni();
  }

  /** The writing of one batch. */
  private final class Writing {
    private final Batch batch;
    private final List<FetchItem> ofChanged;
    private int at;

    Writing(Batch batch) {
      this.batch = batch;
      var shown = new LinkedHashSet<>(items);
      shown.add(FetchFact.FLAGS);
      if (context.reply().showsModSeq()) {
        // RFC 7162 §3.2.4
        if (!context.enabled().uidOnly()) {
          shown.add(FetchFact.UID);
        }
        shown.add(FetchItem.MODSEQ);
      }
      this.ofChanged = List.copyOf(shown);
    }

    /** Writes messages up to one after which something has to be awaited, and awaits that. */
    Uni<Void> advance() {
      while (at < batch.positions.length) {
        var row = row(batch, batch.positions[at++]);
        if (need.facts() && row.content().isEmpty()) {
          continue;
        }
        var awaited = answers.answer(row, shown(row));
        if (awaited.isPresent()) {
          return awaited.get();
        }
      }
      return Uni.createFrom().voidItem();
    }

    private List<FetchItem> shown(Row row) {
      return batch.changed.positionOf(row.uid()) >= 0 ? ofChanged : items;
    }
  }
}
