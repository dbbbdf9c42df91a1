package io.postern.wire.limits;

import java.util.concurrent.atomic.AtomicLong;

/** How many octets many connections may keep in memory together. Safe for all threads. */
public final class OctetBudget {
  /** A connection that keeps no more octets than this may do so even when the budget is spent. */
  public static final int SMALL = 1024;

  private final long most;
  private final AtomicLong kept = new AtomicLong();

  /**
   * @param most octets
   */
  public OctetBudget(long most) {
    this.most = most;
  }

  /** Octets that are kept now. */
  public long kept() {
    return kept.get();
  }

  /**
   * A connection keeps another number of octets than before.
   *
   * @return whether it may: it keeps less than before, or few, or the budget is not spent
   */
  boolean change(long before, long now) {
    long all = kept.addAndGet(now - before);
    return now <= before || now <= SMALL || all <= most;
  }
}
