package io.postern.model.message;

import io.postern.model.Ids.ContentId;
import io.postern.model.ModSeq;
import io.postern.model.Uid;
import java.time.Instant;
import java.util.Arrays;

/**
 * Facts of many messages, ascending by UID, in one primitive array per fact: an index is loaded
 * from it without an object per message. The arrays are handed over, not copied, and never written
 * again.
 *
 * @param uids unsigned 32-bit UIDs
 * @param flags packed by the mailbox's {@link Keywords}
 * @param modSeqs of each message's last change
 * @param sizes octets
 * @param internalDates {@link InternalDate#packed()}
 * @param saved epoch seconds
 * @param contents content ids
 */
// Arrays on purpose: a list would cost an object per number.
@SuppressWarnings("ArrayRecordComponent")
public record MessageColumns(
    int[] uids,
    long[] flags,
    long[] modSeqs,
    int[] sizes,
    long[] internalDates,
    long[] saved,
    long[] contents) {

  /** Columns of no messages. */
  public static final MessageColumns EMPTY = new Builder(0).build();

  /** How many messages. */
  public int size() {
    return uids.length;
  }

  /** The UID at a position from 0. */
  public long uid(int at) {
    return Integer.toUnsignedLong(uids[at]);
  }

  /** The position of a UID, counted from 0; negative if it is not among them. */
  public int positionOf(long uid) {
    int low = 0;
    int high = uids.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Long.compare(uid(middle), uid);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /** All facts at a position from 0. */
  public MessageInfo info(int at) {
    return new MessageInfo(
        new Uid(uid(at)),
        flags[at],
        new ModSeq(modSeqs[at]),
        sizes[at],
        InternalDate.unpack(internalDates[at]),
        Instant.ofEpochSecond(saved[at]),
        new ContentId(contents[at]));
  }

  /** Collects rows in ascending order of UID. */
  public static final class Builder {
    private int used;
    private int[] uids;
    private long[] flags;
    private long[] modSeqs;
    private int[] sizes;
    private long[] internalDates;
    private long[] saved;
    private long[] contents;

    /** Room for so many rows at first; it grows. */
    public Builder(int expected) {
      uids = new int[expected];
      flags = new long[expected];
      modSeqs = new long[expected];
      sizes = new int[expected];
      internalDates = new long[expected];
      saved = new long[expected];
      contents = new long[expected];
    }

    /** Adds a row; its UID is above that of the row before. */
    public Builder add(
        long uid,
        long flagBits,
        long modSeq,
        int size,
        long internalDate,
        long savedSecond,
        long content) {
      if (used > 0 && uid <= Integer.toUnsignedLong(uids[used - 1])) {
        throw new IllegalArgumentException("UID " + uid + " is out of order");
      }
      if (used == uids.length) {
        resize(Math.max(16, used * 2));
      }
      uids[used] = (int) uid;
      flags[used] = flagBits;
      modSeqs[used] = modSeq;
      sizes[used] = size;
      internalDates[used] = internalDate;
      saved[used] = savedSecond;
      contents[used] = content;
      used++;
      return this;
    }

    /** Adds a row. */
    public Builder add(MessageInfo m) {
      return add(
          m.uid().value(),
          m.flags(),
          m.modSeq().value(),
          m.size(),
          m.internalDate().packed(),
          m.saved().getEpochSecond(),
          m.content().value());
    }

    /** The columns of the added rows; the builder cannot be used again. */
    public MessageColumns build() {
      if (used != uids.length) {
        resize(used);
      }
      return new MessageColumns(uids, flags, modSeqs, sizes, internalDates, saved, contents);
    }

    private void resize(int length) {
      uids = Arrays.copyOf(uids, length);
      flags = Arrays.copyOf(flags, length);
      modSeqs = Arrays.copyOf(modSeqs, length);
      sizes = Arrays.copyOf(sizes, length);
      internalDates = Arrays.copyOf(internalDates, length);
      saved = Arrays.copyOf(saved, length);
      contents = Arrays.copyOf(contents, length);
    }
  }
}
