package io.postern.wire;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What a node holds in memory for its clients: output that they have not taken, and what was read
 * from the store to be written. No request waits for it and none fails. When it is spent, each
 * client gets small pieces, and the next piece when it has taken the last one: many clients that
 * read slowly are served more slowly and hold little each. Safe for all threads.
 */
public final class OutputBudget {
  /** Octets that are written at once to a client while there is enough. */
  static final int PIECE = 128 * 1024;

  /** Octets that are written at once while the budget is spent. */
  static final int SMALL_PIECE = 16 * 1024;

  /** The most that one request may have of what is left. */
  private static final int SHARE = 8;

  /** The part of the heap that is its size if nothing else is said. */
  private static final int HEAP_PART = 8;

  private final long octets;
  private final AtomicLong used = new AtomicLong();

  /**
   * @param octets after which clients get small pieces only
   */
  public OutputBudget(long octets) {
    this.octets = octets;
  }

  /** One that fits the heap. */
  public static OutputBudget ofHeap() {
    return new OutputBudget(Runtime.getRuntime().maxMemory() / HEAP_PART);
  }

  /** So many octets are held, or no longer when negative. */
  public void add(long more) {
    used.addAndGet(more);
  }

  /** Octets that are held now. */
  public long used() {
    return used.get();
  }

  /** Whether it is spent. */
  public boolean spent() {
    return used.get() >= octets;
  }

  /** How many octets may be written at once now. */
  public int piece() {
    return spent() ? SMALL_PIECE : PIECE;
  }

  /**
   * Takes octets for something to be read: what is asked for, or a share of what is left, at least
   * {@link #SMALL_PIECE}. To be given back by {@link Outbox.Allowance#release}.
   */
  public Outbox.Allowance take(int wanted) {
    long share = Math.max(SMALL_PIECE, (octets - used.get()) / SHARE);
    return new Granted((int) Math.min(wanted, share));
  }

  private final class Granted implements Outbox.Allowance {
    private final int granted;
    private long held;

    private Granted(int granted) {
      this.granted = granted;
      this.held = granted;
      add(granted);
    }

    @Override
    public int octets() {
      return granted;
    }

    @Override
    public void keep(long used) {
      long more = held - Math.min(held, used);
      held -= more;
      add(-more);
    }

    @Override
    public void release() {
      keep(0);
    }
  }
}
