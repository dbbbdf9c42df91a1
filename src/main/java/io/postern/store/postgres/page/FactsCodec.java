package io.postern.store.postgres.page;

import io.postern.model.message.MessageColumns;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The part of a page that is written once: size, internal date, save date and content of each
 * message. One or more blocks of consecutive slots, one after the other:
 *
 * <pre>
 * octet  0   format: 1
 *        1   first slot
 *        2   slots − 1
 *        3   0
 *        …   each slot: size (4 octets), internal date, save date in epoch seconds, content id (8 each)
 * </pre>
 *
 * Beside them are the checksums: of each block its first slot (1 octet) and the CRC32C of all its
 * octets (4 octets). Blocks of an older version have none.
 *
 * <p>Numbers are big-endian. A slot without a message keeps its octets or has zeros: {@link
 * FlagsCodec} holds which slots count. The tail has slots and no header.
 */
public final class FactsCodec {
  /** Octets of a slot. */
  public static final int SLOT = 28;

  /** In hexadecimal digits: what begins a block, before its first slot. */
  public static final String FORMAT = "01";

  /** In hexadecimal digits: what follows the first slot, for a full tail. */
  public static final String TAIL_HEADER = "1f00";

  /** Octets before the slots of a block. */
  static final int HEADER = 4;

  /** Octets of a checksum with its first slot. */
  private static final int CHECKSUM = 5;

  /** No checksum. */
  private static final long NONE = -1;

  private FactsCodec() {}

  /** One slot, without the content's id, which the database adds. */
  public static Buffer withoutContent(int size, long internalDate, long saved) {
    return Buffer.buffer(SLOT - 8).appendInt(size).appendLong(internalDate).appendLong(saved);
  }

  /**
   * Encodes consecutive rows as slots.
   *
   * @param from the first UID
   * @param to the UID after the last; UIDs without a row become zeros
   */
  public static Buffer encode(MessageColumns rows, long from, long to) {
    var slots = ByteBuffer.allocate((int) (to - from) * SLOT);
    for (int i = 0; i < rows.size(); i++) {
      long uid = rows.uid(i);
      if (uid >= from && uid < to) {
        put(slots, (int) (uid - from) * SLOT, rows, i);
      }
    }
    return Buffer.buffer(slots.array());
  }

  static void put(ByteBuffer slots, int at, MessageColumns rows, int row) {
    put(
        slots,
        at,
        rows.sizes()[row],
        rows.internalDates()[row],
        rows.saved()[row],
        rows.contents()[row]);
  }

  static void put(ByteBuffer slots, int at, int size, long internalDate, long saved, long content) {
    slots
        .putInt(at, size)
        .putLong(at + 4, internalDate)
        .putLong(at + 12, saved)
        .putLong(at + 20, content);
  }

  /** The header of a block. */
  public static Buffer header(int firstSlot, int slots) {
    return Buffer.buffer(HEADER)
        .appendByte((byte) 1)
        .appendByte((byte) firstSlot)
        .appendByte((byte) (slots - 1))
        .appendByte((byte) 0);
  }

  /**
   * Copies the slots of all blocks to where the page has them: 256 slots, zeros where none is.
   *
   * @throws DamagedPage when a block is not what was written
   */
  static ByteBuffer page(byte[] blocks, byte[] checksums) {
    var expected = checksums(checksums);
    var page = ByteBuffer.allocate(PageLayout.PAGE * SLOT);
    int at = 0;
    while (at < blocks.length) {
      int first = blocks.length - at < HEADER ? 0 : blocks[at + 1] & 0xFF;
      int count = blocks.length - at < HEADER ? 0 : (blocks[at + 2] & 0xFF) + 1;
      int end = at + HEADER + count * SLOT;
      if (count == 0 || blocks[at] != 1 || end > blocks.length || first + count > PageLayout.PAGE) {
        throw new DamagedPage("facts of format " + blocks[at] + " at octet " + at);
      }
      if (expected[first] != NONE && expected[first] != crc(blocks, at, end)) {
        throw new DamagedPage("the checksum of facts does not match");
      }
      expected[first] = NONE;
      page.put(first * SLOT, blocks, at + HEADER, count * SLOT);
      at = end;
    }
    if (Arrays.stream(expected).anyMatch(left -> left != NONE)) {
      throw new DamagedPage("facts lack a block that has a checksum");
    }
    return page;
  }

  /** The checksum by first slot. */
  private static long[] checksums(byte[] octets) {
    if (octets.length % CHECKSUM != 0) {
      throw new DamagedPage("checksums of facts take " + octets.length + " octets");
    }
    var expected = new long[PageLayout.PAGE];
    Arrays.fill(expected, NONE);
    for (var in = ByteBuffer.wrap(octets); in.hasRemaining(); ) {
      expected[in.get() & 0xFF] = Integer.toUnsignedLong(in.getInt());
    }
    return expected;
  }

  /** The checksum of a block, as it is stored beside the blocks. */
  static Buffer checksum(Buffer block) {
    return Buffer.buffer(CHECKSUM)
        .appendByte(block.getByte(1))
        .appendInt((int) crc(block.getBytes(), 0, block.length()));
  }

  private static long crc(byte[] blocks, int from, int to) {
    var crc = new CRC32C();
    crc.update(blocks, from, to - from);
    return crc.getValue();
  }
}
