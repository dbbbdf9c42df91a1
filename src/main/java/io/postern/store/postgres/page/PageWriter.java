package io.postern.store.postgres.page;

import io.postern.model.message.MessageColumns;
import io.postern.store.index.MailboxIndex;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Encodes what a change makes of pages and of the tail. */
public final class PageWriter {
  /** The new flags of pages; arrays for the database. */
  // Arrays on purpose: the database client takes arrays.
  @SuppressWarnings("ArrayRecordComponent")
  public record Flags(Integer[] pages, Buffer[] flags) {}

  /** Blocks to append to pages, which may be new, and the tail behind them. */
  // Arrays on purpose: the database client takes arrays.
  @SuppressWarnings("ArrayRecordComponent")
  public record Appended(
      Integer[] pages, Buffer[] flags, Buffer[] facts, Buffer tailFlags, Buffer tailFacts) {}

  private PageWriter() {}

  /** The pages before the tail that have one of these UIDs. */
  public static SortedSet<Integer> pagesOf(MessageColumns rows, long tailStart) {
    var pages = new TreeSet<Integer>();
    long next = 0;
    for (int i = 0; i < rows.size() && rows.uid(i) < tailStart; i++) {
      if (rows.uid(i) >= next) {
        int page = PageLayout.page(rows.uid(i));
        pages.add(page);
        next = PageLayout.firstUid(page + 1);
      }
    }
    return pages;
  }

  /** The flags of pages as an index has them; what belongs to the tail is left out. */
  public static Flags flags(MailboxIndex index, SortedSet<Integer> pages) {
    long tailStart = PageLayout.tailStart(index.uidNext());
    var numbers = pages.toArray(Integer[]::new);
    var flags =
        Arrays.stream(numbers)
            .map(
                page -> {
                  long to = Math.min(PageLayout.firstUid(page + 1), tailStart);
                  return FlagsCodec.encode(rows(index, PageLayout.firstUid(page), to));
                })
            .toArray(Buffer[]::new);
    return new Flags(numbers, flags);
  }

  /** The flags of the tail as an index has them. */
  public static Buffer tail(MailboxIndex index) {
    long start = PageLayout.tailStart(index.uidNext());
    return FlagsCodec.encodeTail(rows(index, start, index.uidNext()), start, index.uidNext());
  }

  /** The facts of the tail as an index has them. */
  public static Buffer tailFacts(MailboxIndex index) {
    long start = PageLayout.tailStart(index.uidNext());
    var slots = ByteBuffer.allocate((int) (index.uidNext() - start) * FactsCodec.SLOT);
    for (var row = rows(index, start, index.uidNext()).cursor(); row.next(); ) {
      int at = (int) (row.uid() - start) * FactsCodec.SLOT;
      FactsCodec.put(slots, at, row.size(), row.internalDate(), row.saved(), row.content());
    }
    return Buffer.buffer(slots.array());
  }

  /** A whole page with nothing of messages that are gone. */
  public record Packed(Buffer flags, Buffer facts, Buffer checksums) {}

  /**
   * Encodes the messages of one page.
   *
   * @param messages at least one, all of the same page
   */
  public static Packed packed(MessageColumns messages) {
    var facts = Buffer.buffer();
    var checksums = Buffer.buffer();
    for (int from = 0; from < messages.size(); ) {
      int to = endOfRun(messages, from);
      long first = messages.uid(from);
      var block =
          FactsCodec.header(PageLayout.slot(first), to - from)
              .appendBuffer(FactsCodec.encode(messages, first, first + to - from));
      facts.appendBuffer(block);
      checksums.appendBuffer(FactsCodec.checksum(block));
      from = to;
    }
    return new Packed(packedFlags(messages), facts, checksums);
  }

  private static Buffer packedFlags(MessageColumns messages) {
    long first = messages.uid(0);
    long last = messages.uid(messages.size() - 1);
    var slots = ByteBuffer.allocate((int) (last - first + 1) * FlagsCodec.TAIL_SLOT);
    for (int i = 0; i < messages.size(); i++) {
      int at = (int) (messages.uid(i) - first) * FlagsCodec.TAIL_SLOT;
      slots.putLong(at, FlagsCodec.stored(messages.flags()[i]));
      slots.putLong(at + 8, messages.modSeqs()[i]);
    }
    return FlagsCodec.block(first, Buffer.buffer(slots.array()));
  }

  /** Octets of the facts that {@link #packed} makes of messages of one page. */
  public static int packedOctets(MessageColumns messages) {
    int octets = messages.size() * FactsCodec.SLOT;
    for (int from = 0; from < messages.size(); from = endOfRun(messages, from)) {
      octets += FactsCodec.HEADER;
    }
    return octets;
  }

  /** The first index from there on whose UID does not follow the one before. */
  private static int endOfRun(MessageColumns messages, int from) {
    int to = from + 1;
    while (to < messages.size() && messages.uid(to) == messages.uid(to - 1) + 1) {
      to++;
    }
    return to;
  }

  private static FlagsCodec.Rows rows(MailboxIndex index, long from, long to) {
    int first = index.countBelow(from);
    int end = index.countBelow(to);
    return () -> index.rows(first, end);
  }

  /**
   * Encodes messages that are appended.
   *
   * @param tailFlags the tail's slots before them
   * @param tailFacts the same slots
   * @param uidNext the mailbox's next UID before them: the UID of the first
   * @param rows one for each UID from there on
   */
  public static Appended append(
      Buffer tailFlags, Buffer tailFacts, long uidNext, MessageColumns rows) {
    long next = uidNext + rows.size();
    var flags = tailFlags.copy();
    for (int i = 0; i < rows.size(); i++) {
      flags.appendLong(FlagsCodec.stored(rows.flags()[i])).appendLong(rows.modSeqs()[i]);
    }
    var facts = tailFacts.copy().appendBuffer(FactsCodec.encode(rows, uidNext, next));
    long start = PageLayout.tailStart(uidNext);
    long tailStart = PageLayout.tailStart(next);
    var pages = new ArrayList<Integer>();
    var blocks = new ArrayList<Buffer>();
    var factBlocks = new ArrayList<Buffer>();
    for (long from = start; from < tailStart; ) {
      int page = PageLayout.page(from);
      long to = Math.min(PageLayout.firstUid(page + 1), tailStart);
      pages.add(page);
      blocks.add(FlagsCodec.block(from, slots(flags, start, from, to, FlagsCodec.TAIL_SLOT)));
      factBlocks.add(
          FactsCodec.header(PageLayout.slot(from), (int) (to - from))
              .appendBuffer(slots(facts, start, from, to, FactsCodec.SLOT)));
      from = to;
    }
    return new Appended(
        pages.toArray(Integer[]::new),
        array(blocks),
        array(factBlocks),
        slots(flags, start, tailStart, next, FlagsCodec.TAIL_SLOT),
        slots(facts, start, tailStart, next, FactsCodec.SLOT));
  }

  private static Buffer[] array(List<Buffer> buffers) {
    return buffers.toArray(Buffer[]::new);
  }

  private static Buffer slots(Buffer all, long start, long from, long to, int octets) {
    return all.getBuffer((int) (from - start) * octets, (int) (to - start) * octets);
  }
}
