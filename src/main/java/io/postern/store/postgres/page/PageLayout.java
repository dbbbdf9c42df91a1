package io.postern.store.postgres.page;

/**
 * Where a message is stored, which follows from its UID alone. UIDs are assigned without gaps, so
 * page n has the UIDs from 256 n + 1 on, and every node writes the same messages to the same page.
 * The newest block of up to 32 UIDs, aligned at 32, is the tail, which is stored with the mailbox's
 * counters; when the next UID begins another block, the tail is appended to its page.
 */
public final class PageLayout {
  /** How many UIDs a page has. */
  public static final int PAGE = 256;

  /** How many UIDs the tail has at most; divides {@link #PAGE}. */
  public static final int BLOCK = 32;

  private PageLayout() {}

  /** The page of a UID, from 0. */
  public static int page(long uid) {
    return (int) ((uid - 1) / PAGE);
  }

  /** The slot of a UID in its page, from 0. */
  public static int slot(long uid) {
    return (int) ((uid - 1) % PAGE);
  }

  /** The first UID of a page. */
  public static long firstUid(int page) {
    return (long) page * PAGE + 1;
  }

  /**
   * The first UID of the tail. The tail has an entry for every UID from there on, also for removed
   * messages.
   *
   * @param uidNext the UID that the mailbox assigns next, 1 to 2^32
   */
  public static long tailStart(long uidNext) {
    return uidNext == 1 ? 1 : (uidNext - 2) / BLOCK * BLOCK + 1;
  }
}
