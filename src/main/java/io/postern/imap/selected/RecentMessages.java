package io.postern.imap.selected;

import io.postern.model.NumberSet;
import io.postern.store.index.MailboxIndex;

/** The messages that are {@code \Recent} in one session (RFC 3501 §2.3.2), by their UIDs. */
final class RecentMessages {
  private NumberSet uids;
  private boolean arrivals;

  RecentMessages(NumberSet uids) {
    this.uids = uids;
  }

  /** Records that new messages were sent: some may be recent in this session. */
  void arrived() {
    arrivals = true;
  }

  /** Whether new messages were sent, and it was not asked yet which are recent. */
  boolean hasArrivals() {
    return arrivals;
  }

  /** Adds messages that are recent in this session; all that were sent have been asked for. */
  void claim(NumberSet more) {
    add(more);
    arrivals = false;
  }

  void add(NumberSet more) {
    uids = uids.union(more);
  }

  void remove(NumberSet gone) {
    uids = uids.minus(gone);
  }

  boolean contains(long uid) {
    return uids.contains(uid);
  }

  boolean includes(NumberSet others) {
    return others.minus(uids).isEmpty();
  }

  /** How many are present, of those below a UID. */
  int countBelow(MailboxIndex index, long uidNext) {
    int count = 0;
    for (int i = 0; i < uids.ranges(); i++) {
      long end = Math.min(uids.last(i) + 1, uidNext);
      count += Math.max(0, index.countBelow(end) - index.countBelow(uids.first(i)));
    }
    return count;
  }
}
