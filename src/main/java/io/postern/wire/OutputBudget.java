package io.postern.wire;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Accounts for the memory that a node holds for its clients: output that they have not taken, data
 * read from the store to be written, and what a command collects until it ends. No output waits for
 * it and none fails. When it is spent, each client gets small pieces, and the next piece once it
 * has taken the last one: many slow readers are served more slowly and hold little each; a command
 * that collects much is refused. Safe for all threads.
 */
public final class OutputBudget {
  /** Octets written at once to a client while the budget is not spent. */
  static final int PIECE = 128 * 1024;

  /** Octets written at once while the budget is spent. */
  static final int SMALL_PIECE = 16 * 1024;

  /** One request gets at most one part in this many of what is left. */
  private static final int SHARE = 8;

  /** The default size is one part in this many of the heap. */
  private static final int HEAP_PART = 8;

  private final long octets;
  private final AtomicLong used = new AtomicLong();

  /**
   * @param octets above which clients get small pieces only
   */
  public OutputBudget(long octets) {
    this.octets = octets;
  }

  /** A budget of the default fraction of the heap. */
  public static OutputBudget ofHeap() {
    return new OutputBudget(Runtime.getRuntime().maxMemory() / HEAP_PART);
  }

  /** Adds octets that are held; a negative number removes them. */
  public void add(long more) {
    used.addAndGet(more);
  }

  /** Octets held now. */
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
   * Reserves octets for data to be read: what is asked for, or a share of what is left, at least
   * {@link #SMALL_PIECE}. The caller gives them back by {@link Outbox.Allowance#release}.
   */
  public Outbox.Allowance take(int wanted) {
    long share = Math.max(SMALL_PIECE, (octets - used.get()) / SHARE);
    return new Granted((int) Math.min(wanted, share));
  }

  /** What one command holds until it ends; nothing yet. */
  public Outbox.Holding holding() {
    return new Held();
  }

  private final class Held implements Outbox.Holding {
    private long held;
    private boolean released;

    @Override
    public boolean add(long more) {
      if (released) {
        return false;
      }
      boolean granted = used.addAndGet(more) <= octets || held + more <= SMALL_PIECE;
      if (granted) {
        held += more;
      } else {
        used.addAndGet(-more);
      }
      return granted;
    }

    @Override
    public void require(long more) {
      if (!released) {
        held += more;
        used.addAndGet(more);
      }
    }

    @Override
    public void release() {
      released = true;
      used.addAndGet(-held);
      held = 0;
    }
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
