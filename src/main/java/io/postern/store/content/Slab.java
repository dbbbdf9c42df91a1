package io.postern.store.content;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Memory outside the heap in blocks of {@link #BLOCK} octets, so that it never gets fragmented. It
 * is taken from the system in extents of 1 MiB when blocks are first needed, and never given back:
 * blocks that are not in use wait in a free list.
 *
 * <p>The free list is a stack without locks (Treiber 1986): its head is the index of the first free
 * block and a counter that grows with every change, so that a thread that was overtaken does not
 * take an old head for the present one.
 */
final class Slab {
  private static final Logger LOG = System.getLogger(Slab.class.getName());

  /** Octets of a block. */
  static final int BLOCK = 1024;

  /** Blocks of an extent. */
  static final int EXTENT = 1024;

  private static final int NONE = -1;
  private static final long INDEX = 0xFFFF_FFFFL;

  private final AtomicReferenceArray<ByteBuffer> extents;
  private final AtomicReferenceArray<AtomicIntegerArray> next;
  private final AtomicLong head = new AtomicLong(NONE & INDEX);
  private final AtomicBoolean growing = new AtomicBoolean();
  private int grown;
  private int most;

  /**
   * @param octets the most that are ever taken from the system
   */
  Slab(long octets) {
    most = (int) ((octets + (long) BLOCK * EXTENT - 1) / ((long) BLOCK * EXTENT));
    extents = new AtomicReferenceArray<>(most);
    next = new AtomicReferenceArray<>(most);
  }

  /** How many blocks so many octets take. */
  static int blocks(long octets) {
    return (int) ((octets + BLOCK - 1) / BLOCK);
  }

  /** Takes blocks; an empty array if there are not so many. */
  int[] take(int count) {
    var blocks = new int[count];
    for (int i = 0; i < count; i++) {
      int block = pop();
      while (block == NONE) {
        if (!grow()) {
          for (int taken = 0; taken < i; taken++) {
            push(blocks[taken]);
          }
          return new int[0];
        }
        block = pop();
      }
      blocks[i] = block;
    }
    // What is written now must not be seen by a reader that has not seen the eviction before.
    VarHandle.fullFence();
    return blocks;
  }

  /** Gives blocks back. */
  void free(int[] blocks) {
    for (int block : blocks) {
      push(block);
    }
  }

  /** Writes octets to blocks, from this position on; those of the buffer stay unread. */
  void write(int[] blocks, int at, ByteBuffer octets) {
    for (int done = 0; done < octets.remaining(); ) {
      int position = at + done;
      int block = blocks[position / BLOCK];
      int length = Math.min(octets.remaining() - done, BLOCK - position % BLOCK);
      extents
          .get(block / EXTENT)
          .put(block % EXTENT * BLOCK + position % BLOCK, octets, octets.position() + done, length);
      done += length;
    }
  }

  /** Copies octets from blocks; they mean something only if the blocks were not given back. */
  void read(int[] blocks, int at, byte[] octets) {
    for (int done = 0; done < octets.length; ) {
      int position = at + done;
      int block = blocks[position / BLOCK];
      int length = Math.min(octets.length - done, BLOCK - position % BLOCK);
      extents
          .get(block / EXTENT)
          .get(block % EXTENT * BLOCK + position % BLOCK, octets, done, length);
      done += length;
    }
  }

  private int pop() {
    while (true) {
      long old = head.get();
      int block = (int) old;
      if (block == NONE) {
        return NONE;
      }
      if (head.compareAndSet(old, head(old, next.get(block / EXTENT).get(block % EXTENT)))) {
        return block;
      }
    }
  }

  private void push(int block) {
    var links = next.get(block / EXTENT);
    long old;
    do {
      old = head.get();
      links.set(block % EXTENT, (int) old);
    } while (!head.compareAndSet(old, head(old, block)));
  }

  private static long head(long old, int block) {
    return ((old >>> 32) + 1) << 32 | (block & INDEX);
  }

  /**
   * Takes one more extent from the system.
   *
   * @return whether there is a free block; false also while another thread takes an extent
   */
  private boolean grow() {
    if (!growing.compareAndSet(false, true)) {
      return false;
    }
    try {
      return (int) head.get() != NONE || (grown < most && extend());
    } finally {
      growing.set(false);
    }
  }

  /** Only for the thread that has set {@link #growing}. */
  private boolean extend() {
    try {
      extents.set(grown, ByteBuffer.allocateDirect(BLOCK * EXTENT));
    } catch (OutOfMemoryError e) {
      // The JVM's bound on direct memory: the cache stays as large as it is.
      LOG.log(Level.WARNING, "No direct memory for more than " + grown + " MiB of contents", e);
      most = grown;
      return false;
    }
    int extent = grown++;
    next.set(extent, new AtomicIntegerArray(EXTENT));
    for (int block = EXTENT - 1; block >= 0; block--) {
      push(extent * EXTENT + block);
    }
    return true;
  }
}
