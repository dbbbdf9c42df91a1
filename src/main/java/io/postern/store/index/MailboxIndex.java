package io.postern.store.index;

import io.postern.model.Ids.ContentId;
import io.postern.model.MailboxState;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.UidValidity;
import io.postern.model.message.InternalDate;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.MessageInfo;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.Loaded;
import io.postern.store.Messages.Since;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PrimitiveIterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * The most used facts of a mailbox's messages at one mod-sequence. Immutable; a change creates a
 * new index that shares what did not change. Positions count from 0, ascending by UID.
 */
public final class MailboxIndex {
  private static final long ROW_OCTETS = 4 + 8 + 8 + 4 + 8 + 8 + 8;
  private static final long PAGE_OCTETS = 7 * 16 + 48 + 32 + 8;
  private static final long FIXED_OCTETS = 512;

  private final MailboxState state;
  private final Keywords keywords;
  private final Pages pages;
  private final ExpungeLog expunges;

  private MailboxIndex(MailboxState state, Keywords keywords, Pages pages, ExpungeLog expunges) {
    this.state = state;
    this.keywords = keywords;
    this.pages = pages;
    this.expunges = expunges;
  }

  /** The index of a mailbox just loaded. */
  public static MailboxIndex of(Loaded loaded) {
    return new MailboxIndex(
        loaded.state(),
        loaded.keywords(),
        Pages.of(Page.split(loaded.messages())),
        ExpungeLog.from(loaded.state().highestModSeq()));
  }

  /** The mailbox's counters at {@link #modSeq()}. */
  public MailboxState state() {
    return state;
  }

  public UidValidity uidValidity() {
    return state.uidValidity();
  }

  /** 1 to 2^32; all messages here have a UID below it. */
  public long uidNext() {
    return state.uidNext();
  }

  /** Every change up to here is in the index, none after it. */
  public ModSeq modSeq() {
    return state.highestModSeq();
  }

  /** The mailbox's keywords, by which flags are packed. */
  public Keywords keywords() {
    return keywords;
  }

  /** The packed flags that some message has. */
  public long flagsInUse() {
    long all = 0;
    for (var page : pages.pages()) {
      all |= page.allFlags();
    }
    return all;
  }

  /** How many messages. */
  public int size() {
    return pages.size();
  }

  /** The UID at a position. */
  public long uid(int position) {
    int page = pages.pageOf(position);
    return rows(page).uid(position - pages.starts()[page]);
  }

  /** The packed flags at a position. */
  public long flags(int position) {
    int page = pages.pageOf(position);
    return rows(page).flags()[position - pages.starts()[page]];
  }

  /** The mod-sequence at a position. */
  public long modSeqAt(int position) {
    int page = pages.pageOf(position);
    return rows(page).modSeqs()[position - pages.starts()[page]];
  }

  /** The size at a position, octets. */
  public int sizeAt(int position) {
    int page = pages.pageOf(position);
    return rows(page).sizes()[position - pages.starts()[page]];
  }

  /** The internal date at a position. */
  public InternalDate internalDateAt(int position) {
    int page = pages.pageOf(position);
    return InternalDate.unpack(rows(page).internalDates()[position - pages.starts()[page]]);
  }

  /** The content at a position. */
  public ContentId contentAt(int position) {
    int page = pages.pageOf(position);
    return new ContentId(rows(page).contents()[position - pages.starts()[page]]);
  }

  /**
   * All facts at a position, as an object: for a few. For many, {@link #rows(int, int)} and {@link
   * RowCursor#moveTo} need no object per message.
   */
  public MessageInfo info(int position) {
    int page = pages.pageOf(position);
    return rows(page).info(position - pages.starts()[page]);
  }

  private MessageColumns rows(int page) {
    return pages.pages()[page].rows();
  }

  /** How many messages have a UID below this one: the position it has or would have. */
  public int countBelow(long uid) {
    return pages.countBelow(uid);
  }

  /** The messages from one position on and before the other. */
  public RowCursor rows(int from, int to) {
    return new RowCursor(pages, from, Math.min(to, size()), 0);
  }

  /** All messages. */
  public RowCursor rows() {
    return rows(0, size());
  }

  /** The messages added or changed after a mod-sequence; pages without such are skipped. */
  public RowCursor rowsSince(ModSeq since) {
    return new RowCursor(pages, 0, size(), since.value());
  }

  /** The positions of the messages added or changed after a mod-sequence, ascending. */
  public IntStream changedSince(ModSeq since) {
    var rows = rowsSince(since);
    var iterator =
        new PrimitiveIterator.OfInt() {
          private boolean more = rows.next();

          @Override
          public boolean hasNext() {
            return more;
          }

          @Override
          public int nextInt() {
            int position = rows.position();
            more = rows.next();
            return position;
          }
        };
    return StreamSupport.intStream(
        Spliterators.spliteratorUnknownSize(iterator, Spliterator.ORDERED), false);
  }

  /** Those of the UIDs that are here. */
  public NumberSet present(NumberSet uids) {
    var builder = new NumberSet.Builder();
    for (int range = 0; range < uids.ranges(); range++) {
      int to = countBelow(uids.last(range) + 1);
      for (var rows = rows(countBelow(uids.first(range)), to); rows.next(); ) {
        builder.add(rows.uid());
      }
    }
    return builder.build();
  }

  /** The UIDs below {@link #uidNext()} that are not here. */
  public NumberSet absent() {
    if (uidNext() == 1) {
      return NumberSet.EMPTY;
    }
    var present = new NumberSet.Builder();
    for (var rows = rows(); rows.next(); ) {
      present.add(rows.uid());
    }
    return NumberSet.range(1, uidNext() - 1).minus(present.build());
  }

  /** How many messages have the flag; pages without it are skipped. */
  public int count(SystemFlag flag) {
    int count = 0;
    for (var page : pages.pages()) {
      count += page.count(flag);
    }
    return count;
  }

  /** The position of the first message without {@code \Seen}. */
  public OptionalInt firstUnseen() {
    if (state.unseen() == 0) {
      return OptionalInt.empty();
    }
    for (var rows = rows(); rows.next(); ) {
      if ((rows.flags() & SystemFlag.SEEN.bit()) == 0) {
        return OptionalInt.of(rows.position());
      }
    }
    return OptionalInt.empty();
  }

  /**
   * The UIDs removed after a mod-sequence and up to {@link #modSeq()}, exactly; empty when this
   * index does not cover that time.
   */
  public Optional<NumberSet> goneSince(ModSeq since) {
    return expunges.since(since);
  }

  /** Whether the change is the next one after this index, with none between. */
  public boolean precedes(Changed change) {
    return change.previous().equals(modSeq()) && change.state().uidValidity().equals(uidValidity());
  }

  /**
   * The index after a change that it {@link #precedes}.
   *
   * @throws IllegalArgumentException when others may be between
   */
  public MailboxIndex apply(Changed change) {
    if (!precedes(change)) {
      throw new IllegalArgumentException(
          "an index at " + modSeq() + " can't take a change after " + change.previous());
    }
    return next(change.state(), change.changed(), change.gone(), change.keywords());
  }

  /** The index after the changes since its own mod-sequence. */
  public MailboxIndex apply(Since since) {
    return next(since.state(), since.changed(), since.gone(), since.keywords());
  }

  private MailboxIndex next(
      MailboxState to, MessageColumns changed, NumberSet gone, Keywords known) {
    return new MailboxIndex(
        to,
        known,
        pages.with(changed).without(gone),
        expunges.with(modSeq(), to.highestModSeq(), gone));
  }

  /** The same messages with counters read later at the same mod-sequence. */
  MailboxIndex with(MailboxState later) {
    return later.equals(state) ? this : new MailboxIndex(later, keywords, pages, expunges);
  }

  /** About how many octets of memory it takes, shared ones counted too. */
  public long octets() {
    return FIXED_OCTETS
        + size() * ROW_OCTETS
        + pages.pages().length * PAGE_OCTETS
        + expunges.ranges() * 16L
        + expunges.entries().size() * 80L
        + keywords.names().size() * 64L;
  }

  Pages pages() {
    return pages;
  }
}
