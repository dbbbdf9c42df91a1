package io.postern.model;

/**
 * The counters of a mailbox: one row, read by its primary key.
 *
 * @param uidValidity the validity of its UIDs
 * @param uidNext the UID that the next message will get, at least; 1 to 2^32
 * @param highestModSeq of the last committed change; everything up to it is visible
 * @param exists how many messages
 * @param unseen how many without {@code \Seen}
 * @param size the sum of the messages' sizes in octets
 * @param firstRecent messages from this UID on have been {@code \Recent} in no session yet
 */
public record MailboxState(
    UidValidity uidValidity,
    long uidNext,
    ModSeq highestModSeq,
    int exists,
    int unseen,
    long size,
    long firstRecent) {
  // Written out: a native executable interprets what the compiler makes of a record, at length.
  @Override
  public boolean equals(Object other) {
    return other instanceof MailboxState it
        && uidValidity.equals(it.uidValidity)
        && uidNext == it.uidNext
        && highestModSeq.equals(it.highestModSeq)
        && exists == it.exists
        && unseen == it.unseen
        && size == it.size
        && firstRecent == it.firstRecent;
  }

  @Override
  public int hashCode() {
    return 31 * uidValidity.hashCode() + highestModSeq.hashCode();
  }
}
