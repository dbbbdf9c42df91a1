package io.postern.store.postgres.page;

import io.postern.model.message.MessageColumns;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Collects the messages of pages and of the tail, ascending; for one thread. */
public final class PageReader {
  private final MessageColumns.Builder rows;
  private final long since;

  /**
   * The facts of a page as they are stored.
   *
   * @param blocks as {@link FactsCodec} has them
   * @param checksums of the blocks
   */
  // Arrays on purpose: so the database client gives them.
  @SuppressWarnings("ArrayRecordComponent")
  public record Facts(byte[] blocks, byte[] checksums) {}

  /**
   * @param expected how many messages, about
   * @param since only messages whose mod-sequence is greater are collected
   */
  public PageReader(int expected, long since) {
    this.rows = new MessageColumns.Builder(expected);
    this.since = since;
  }

  /**
   * Adds a page; its number is above that of the page before.
   *
   * @param facts empty if they were not read: the messages then have zeros for facts
   * @throws DamagedPage when it is not what was written
   */
  public void page(int page, byte[] flags, Optional<Facts> facts) {
    try {
      decode(page, flags, facts.map(it -> FactsCodec.page(it.blocks, it.checksums)));
    } catch (DamagedPage | IllegalArgumentException | IndexOutOfBoundsException fault) {
      throw new DamagedPage("page " + page + ": " + fault.getMessage());
    }
  }

  private void decode(int page, byte[] flags, Optional<ByteBuffer> slots) {
    long first = PageLayout.firstUid(page);
    FlagsCodec.decode(
        flags,
        (slot, bits, modSeq) -> {
          if (modSeq > since) {
            add(first + slot, bits, modSeq, slots, slot * FactsCodec.SLOT);
          }
        });
  }

  /**
   * Adds the tail, after all pages.
   *
   * @throws DamagedPage when it is not what was written
   */
  public void tail(long start, byte[] flags, byte[] facts) {
    if (flags.length / FlagsCodec.TAIL_SLOT != facts.length / FactsCodec.SLOT) {
      throw new DamagedPage(
          "a tail has " + flags.length + " octets of flags, " + facts.length + " of facts");
    }
    var slots = Optional.of(ByteBuffer.wrap(facts));
    try {
      FlagsCodec.decodeTail(
          flags,
          (slot, bits, modSeq) -> {
            if (modSeq > since) {
              add(start + slot, bits, modSeq, slots, slot * FactsCodec.SLOT);
            }
          });
    } catch (IllegalArgumentException fault) {
      throw new DamagedPage("tail: " + fault.getMessage());
    }
  }

  private void add(long uid, long flags, long modSeq, Optional<ByteBuffer> facts, int at) {
    if (facts.isEmpty()) {
      rows.add(uid, flags, modSeq, 0, 0, 0, 0);
    } else {
      var in = facts.get();
      if (in.getLong(at + 20) == 0) {
        throw new DamagedPage("UID " + uid + " has no facts");
      }
      rows.add(
          uid,
          flags,
          modSeq,
          in.getInt(at),
          in.getLong(at + 4),
          in.getLong(at + 12),
          in.getLong(at + 20));
    }
  }

  /** The messages added so far; the reader cannot be used again. */
  public MessageColumns build() {
    return rows.build();
  }
}
