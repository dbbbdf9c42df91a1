package io.postern.store.postgres.page;

import io.postern.store.index.RowCursor;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The part of a page that changes: flags and mod-sequences. One or more blocks of consecutive
 * slots, one after the other:
 *
 * <pre>
 * octet  0     format: 1 with a checksum, 2 without (an older version appended the tail)
 *        1     first slot
 *        2     slots − 1
 *        3     octets of flags (low half: 1 to 8) and of the mod-sequence (high half: 0, 1, 2, 4, 8)
 *        4–11  base, which is added to each mod-sequence
 *       12–15  format 1: CRC32C of octets 0 to 11 and of the slots
 *        …     each slot: flags shifted left by one, with bit 0 set if there is a message; mod-sequence
 * </pre>
 *
 * Numbers are big-endian. The tail has slots of 16 octets and no header: the database writes header
 * and checksum when it appends the tail to its page.
 */
public final class FlagsCodec {
  /** Octets of a slot of the tail. */
  public static final int TAIL_SLOT = 16;

  /** In hexadecimal digits: what begins a block of format 1, before its first slot. */
  public static final String CHECKED_FORMAT = "01";

  /**
   * In hexadecimal digits: what follows the first slot, when the tail is full; then comes the
   * checksum.
   */
  public static final String TAIL_HEADER = "1f880000000000000000";

  private static final int HEADER = 12;
  private static final int CHECKED = 1;
  private static final int UNCHECKED = 2;

  private FlagsCodec() {}

  /** The flags as they are stored: not 0, because there is a message. */
  public static long stored(long flags) {
    return (flags << 1) | 1;
  }

  /** Receives the slots that have a message. */
  interface Slots {
    void slot(int slot, long flags, long modSeq);
  }

  /**
   * Encodes messages of one page as one block of format 1.
   *
   * @param rows of messages in one page; empty for none
   */
  static Buffer encode(Rows rows) {
    var first = rows.cursor();
    if (!first.next()) {
      return Buffer.buffer();
    }
    int from = PageLayout.slot(first.uid());
    int to = from;
    long all = 0;
    long least = Long.MAX_VALUE;
    long greatest = 0;
    for (var row = rows.cursor(); row.next(); ) {
      to = PageLayout.slot(row.uid());
      all |= stored(row.flags());
      least = Math.min(least, row.modSeq());
      greatest = Math.max(greatest, row.modSeq());
    }
    var block = new Block(from, to - from + 1, all, least, greatest);
    for (var row = rows.cursor(); row.next(); ) {
      block.put(PageLayout.slot(row.uid()) - from, stored(row.flags()), row.modSeq());
    }
    return block.done();
  }

  /** Messages that can be iterated over more than once. */
  interface Rows {
    RowCursor cursor();
  }

  /**
   * Encodes slots of a tail as one block of format 1, with as few octets a slot as they need.
   *
   * @param uid of the first slot
   * @param slots at most those of its page
   */
  static Buffer block(long uid, Buffer slots) {
    int count = slots.length() / TAIL_SLOT;
    long all = 1;
    long least = Long.MAX_VALUE;
    long greatest = 0;
    for (int i = 0; i < count; i++) {
      if (slots.getLong(i * TAIL_SLOT) != 0) {
        all |= slots.getLong(i * TAIL_SLOT);
        least = Math.min(least, slots.getLong(i * TAIL_SLOT + 8));
        greatest = Math.max(greatest, slots.getLong(i * TAIL_SLOT + 8));
      }
    }
    var block = new Block(PageLayout.slot(uid), count, all, Math.min(least, greatest), greatest);
    for (int i = 0; i < count; i++) {
      if (slots.getLong(i * TAIL_SLOT) != 0) {
        block.put(i, slots.getLong(i * TAIL_SLOT), slots.getLong(i * TAIL_SLOT + 8));
      }
    }
    return block.done();
  }

  /** A block of format 1 that is being written. */
  private static final class Block {
    private final int flags;
    private final int delta;
    private final long base;
    private final ByteBuffer octets;

    Block(int first, int slots, long allFlags, long least, long greatest) {
      flags = octets(allFlags);
      delta = deltaOctets(greatest - least);
      base = least;
      octets = ByteBuffer.allocate(HEADER + 4 + slots * (flags + delta));
      octets.put((byte) CHECKED).put((byte) first).put((byte) (slots - 1));
      octets.put((byte) ((delta << 4) | flags)).putLong(base);
    }

    void put(int slot, long stored, long modSeq) {
      int at = HEADER + 4 + slot * (flags + delta);
      FlagsCodec.put(octets, at, flags, stored);
      FlagsCodec.put(octets, at + flags, delta, modSeq - base);
    }

    Buffer done() {
      octets.putInt(HEADER, checksum(octets.array(), 0, HEADER + 4, octets.capacity()));
      return Buffer.buffer(octets.array());
    }
  }

  /**
   * Encodes the tail.
   *
   * @param rows its messages
   * @param start its first UID
   * @param uidNext the UID after its last
   */
  static Buffer encodeTail(Rows rows, long start, long uidNext) {
    var tail = ByteBuffer.allocate((int) (uidNext - start) * TAIL_SLOT);
    for (var row = rows.cursor(); row.next(); ) {
      int at = (int) (row.uid() - start) * TAIL_SLOT;
      tail.putLong(at, stored(row.flags())).putLong(at + 8, row.modSeq());
    }
    return Buffer.buffer(tail.array());
  }

  /** Decodes a tail; slots count from 0 at its first UID. */
  static void decodeTail(byte[] tail, Slots slots) {
    var in = ByteBuffer.wrap(tail);
    for (int slot = 0; in.remaining() >= TAIL_SLOT; slot++) {
      add(slots, slot, in.getLong(), in.getLong());
    }
    if (in.hasRemaining()) {
      throw new DamagedPage("the flags of a tail end amid a slot");
    }
  }

  /** Decodes all blocks of a page. */
  static void decode(byte[] octets, Slots slots) {
    int at = 0;
    while (at < octets.length) {
      at = decodeBlock(octets, at, slots);
    }
  }

  private static int decodeBlock(byte[] octets, int at, Slots slots) {
    var in = ByteBuffer.wrap(octets);
    if (octets.length - at < HEADER + 4) {
      throw new DamagedPage("flags end amid a header");
    }
    int format = octets[at];
    int first = octets[at + 1] & 0xFF;
    int count = (octets[at + 2] & 0xFF) + 1;
    int flags = octets[at + 3] & 0x0F;
    int delta = (octets[at + 3] >> 4) & 0x0F;
    int start = at + HEADER + (format == CHECKED ? 4 : 0);
    int end = start + count * (flags + delta);
    if ((format != CHECKED && format != UNCHECKED)
        || end > octets.length
        || flags < 1
        || flags > 8
        || delta > 8
        || first + count > PageLayout.PAGE) {
      throw new DamagedPage("flags of format " + format + " with " + count + " slots");
    }
    if (format == CHECKED && in.getInt(at + HEADER) != checksum(octets, at, start, end)) {
      throw new DamagedPage("the checksum of flags does not match");
    }
    long base = in.getLong(at + 4);
    for (int i = 0; i < count; i++) {
      int slot = start + i * (flags + delta);
      add(slots, first + i, get(octets, slot, flags), base + get(octets, slot + flags, delta));
    }
    return end;
  }

  private static void add(Slots slots, int slot, long stored, long modSeq) {
    if (stored != 0) {
      slots.slot(slot, stored >>> 1, modSeq);
    }
  }

  private static int checksum(byte[] octets, int header, int from, int to) {
    var crc = new CRC32C();
    crc.update(octets, header, HEADER);
    crc.update(octets, from, to - from);
    return (int) crc.getValue();
  }

  private static int octets(long bits) {
    return (64 - Long.numberOfLeadingZeros(bits) + 7) / 8;
  }

  private static int deltaOctets(long greatest) {
    if (greatest == 0) {
      return 0;
    }
    int octets = octets(greatest);
    return octets <= 2 ? octets : octets <= 4 ? 4 : 8;
  }

  private static void put(ByteBuffer block, int at, int octets, long value) {
    for (int i = 0; i < octets; i++) {
      block.put(at + i, (byte) (value >>> (8 * (octets - 1 - i))));
    }
  }

  private static long get(byte[] in, int at, int octets) {
    long value = 0;
    for (int i = 0; i < octets; i++) {
      value = (value << 8) | (in[at + i] & 0xFF);
    }
    return value;
  }
}
