package io.postern.wire.limits;

import java.util.concurrent.atomic.AtomicLong;

/** Bounds the octets that many connections keep in memory together. Safe for all threads. */
public final class OctetBudget {
  /** A connection that keeps at most this many octets may do so even when the budget is spent. */
  public static final int SMALL = 1024;

  private final long most;
  private final AtomicLong kept = new AtomicLong();

  /**
   * @param most octets
   */
  public OctetBudget(long most) {
    this.most = most;
  }

  /** Octets kept now. */
  public long kept() {
    return kept.get();
  }

  /**
   * Changes the number of octets that one connection keeps.
   *
   * @return whether it may: it keeps no more than before, or few, or the budget is not spent
   */
  boolean change(long before, long now) {
    long all = kept.addAndGet(now - before);
    return now <= before || now <= SMALL || all <= most;
  }
}
