package io.postern.imap.command;

import io.postern.imap.grammar.ResponseText;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.FetchItem;
import io.postern.imap.session.FetchItem.Need;
import io.postern.imap.session.FetchItem.Row;
import io.postern.imap.session.View;
import io.postern.model.Flags;
import io.postern.model.FlagsUpdate;
import io.postern.model.FlagsUpdate.Mode;
import io.postern.model.Ids.ContentId;
import io.postern.model.Keywords;
import io.postern.model.MessageInfo;
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
import java.util.HashMap;
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
    this.need = items.stream().map(FetchItem::need).reduce(Need.INFO, FetchRun::greater);
    this.setsSeen = !view.readOnly() && items.stream().anyMatch(FetchItem::setsSeen);
  }

  private static Need greater(Need one, Need other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  /**
   * The loaded content of some messages.
   *
   * @param positions in the index
   * @param flags by UID, of the messages that this command changed
   */
  private record Batch(
      int[] positions,
      Map<ContentId, Content> contents,
      Map<Long, Long> flags,
      Keywords keywords) {}

  /** Answers the messages that are still there. */
  Uni<Void> rows() {
    if (need == Need.INFO && !setsSeen) {
      var batch = new Batch(all, Map.of(), Map.of(), index.keywords());
      return context.reply().each(all.length, i -> write(row(batch, all[i]), items));
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
    int size = need == Need.BYTES ? BATCH_WITH_BYTES : BATCH;
    var some = Arrays.copyOfRange(all, next, Math.min(all.length, next + size));
    var memory = context.reply().allowance(MAX_OCTETS);
    return contents(some, memory.octets())
        .invoke(it -> memory.keep(it.found().values().stream().mapToLong(Content::held).sum()))
        .chain(contents -> seen(reached(some, contents), contents.found()))
        .chain(
            batch ->
                Multi.createFrom()
                    .items(Arrays.stream(batch.positions).boxed())
                    .onItem()
                    .transformToUniAndConcatenate(at -> answer(batch, at))
                    .onItem()
                    .ignoreAsUni())
        .onTermination()
        .invoke(memory::release);
  }

  /** The messages of a batch before the first one that was left out. */
  private int[] reached(int[] positions, Contents contents) {
    int count = 0;
    while (count < positions.length
        && !contents.left().contains(index.info(positions[count]).content())) {
      count++;
    }
    next += count;
    return Arrays.copyOf(positions, count);
  }

  private Uni<Contents> contents(int[] positions, int octets) {
    if (need == Need.INFO) {
      return Uni.createFrom().item(new Contents(Map.of(), Set.of()));
    }
    var ids = new LinkedHashSet<ContentId>();
    for (int at : positions) {
      ids.add(index.info(at).content());
    }
    boolean structure =
        items.stream().anyMatch(i -> i.need() != Need.INFO && !(i instanceof FetchSection));
    boolean scarce = octets < SCARCE;
    boolean header = !scarce && items.stream().anyMatch(FetchItem::wantsHeader);
    int bytes = need == Need.BYTES && !scarce ? Math.min(Blobs.CHUNK, MAX_BYTES / ids.size()) : 0;
    return context
        .ports()
        .messages()
        .contents(view.mailbox().account(), ids, new Columns(structure, header, bytes), octets);
  }

  /** RFC 3501 §6.4.5: fetching without PEEK sets \Seen, and the response shows it. */
  private Uni<Batch> seen(int[] positions, Map<ContentId, Content> contents) {
    var unseen = new NumberSet.Builder();
    for (int at : positions) {
      if ((index.flags(at) & SystemFlag.SEEN.bit()) == 0) {
        unseen.add(index.uid(at));
      }
    }
    var uids = unseen.build();
    if (!setsSeen || uids.isEmpty()) {
      return Uni.createFrom().item(new Batch(positions, contents, Map.of(), index.keywords()));
    }
    return context
        .ports()
        .messages()
        .storeFlags(view.mailbox(), uids, new FlagsUpdate(Mode.ADD, Flags.of(SystemFlag.SEEN)))
        .map(changed -> new Batch(positions, contents, known(changed), changed.keywords()));
  }

  private Map<Long, Long> known(Changed changed) {
    context.listener().changed(view.mailbox(), changed.modSeq());
    if (changed.modSeq().isAfter(changed.previous())) {
      view.knows(changed.modSeq());
    }
    context.updates().keywords(view, changed, context.reply());
    var flags = new HashMap<Long, Long>();
    for (int i = 0; i < changed.changed().size(); i++) {
      flags.put(changed.changed().uid(i), changed.changed().flags()[i]);
    }
    return flags;
  }

  private Row row(Batch batch, int position) {
    var info = index.info(position);
    long uid = info.uid().value();
    return new Row(
        view.number(index, uid),
        Optional.ofNullable(batch.flags.get(uid)).map(bits -> with(info, bits)).orElse(info),
        // Each set of flags has its own keywords: a bit may mean another one by now.
        batch.flags.containsKey(uid) ? batch.keywords : index.keywords(),
        view.isRecent(uid),
        Optional.ofNullable(batch.contents.get(info.content())));
  }

  private static MessageInfo with(MessageInfo info, long flags) {
    return new MessageInfo(
        info.uid(),
        flags,
        info.modSeq(),
        info.size(),
        info.internalDate(),
        info.saved(),
        info.content());
  }

  private Uni<Void> answer(Batch batch, int position) {
    var row = row(batch, position);
    if (need != Need.INFO && row.content().isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    var said = items;
    if (batch.flags.containsKey(row.info().uid().value()) && !items.contains(FetchFact.FLAGS)) {
      said = new ArrayList<>(items);
      said.add(FetchFact.FLAGS);
    }
    long octets = said.stream().mapToLong(item -> item.octets(row)).sum();
    if (octets <= MAX_ANSWER && said.stream().allMatch(item -> item.atHand(row))) {
      write(row, said);
      return rest(octets);
    }
    return stream(row, said).chain(() -> rest(0));
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

  private void write(Row row, List<FetchItem> said) {
    var text = begun(row);
    for (int i = 0; i < said.size(); i++) {
      said.get(i).write(row, i == 0 ? text : text.space());
    }
    context.reply().write(text.raw(')').crlf());
  }

  private static ResponseText begun(Row row) {
    return new ResponseText().raw("* ").number(row.number()).raw(" FETCH (");
  }

  private Uni<Void> stream(Row row, List<FetchItem> said) {
    var line = new Line(row);
    return Multi.createFrom()
        .iterable(said)
        .onItem()
        .transformToUniAndConcatenate(line::add)
        .onItem()
        .ignoreAsUni()
        .invoke(line::end)
        .onFailure()
        .invoke(line::fail);
  }

  /** A response that is sent in pieces. */
  private final class Line {
    private final Row row;
    private ResponseText waiting;
    private boolean first = true;
    private boolean begun;

    Line(Row row) {
      this.row = row;
      this.waiting = FetchRun.begun(row);
    }

    Uni<Void> add(FetchItem item) {
      var before = first ? waiting : waiting.space();
      first = false;
      if (item.atHand(row)) {
        item.write(row, before);
        if (before.length() >= MAX_ANSWER) {
          flush();
        }
        return rest(item.octets(row));
      }
      waiting = new ResponseText();
      return item.stream(row, context, before)
          .invoke(() -> begun = true)
          .chain(() -> rest(item.octets(row)));
    }

    private void flush() {
      context.reply().write(waiting);
      waiting = new ResponseText();
      begun = true;
    }

    void end() {
      context.reply().write(waiting.raw(')').crlf());
    }

    void fail() {
      if (begun) {
        context.abort();
      }
    }
  }
}
