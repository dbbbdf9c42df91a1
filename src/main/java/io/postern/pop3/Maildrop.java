package io.postern.pop3;

import io.postern.config.Pop3Settings.SortOrder;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.model.UidValidity;
import io.postern.store.index.MailboxIndex;
import java.util.BitSet;
import java.util.Map;

/**
 * INBOX as it was at login, and what is marked to be deleted of it. Messages are numbered from 1
 * and keep their numbers (RFC 1939 §4).
 */
final class Maildrop {
  private final MailboxKey mailbox;
  private final UidValidity validity;
  private final long[] uids;
  private final long[] sizes;
  private final long[] contents;
  private final BitSet deleted = new BitSet();
  private long octets;
  private final long allOctets;

  private Maildrop(
      MailboxKey mailbox, UidValidity validity, long[] uids, long[] sizes, long[] contents) {
    this.mailbox = mailbox;
    this.validity = validity;
    this.uids = uids;
    this.sizes = sizes;
    this.contents = contents;
    long sum = 0;
    for (long size : sizes) {
      sum += size;
    }
    this.allOctets = sum;
    this.octets = sum;
  }

  /**
   * The maildrop that a mailbox is now.
   *
   * @param crlfSizes the contents that have more octets when every line is ended by CRLF, as it is
   *     when they are sent, and how many they have then (RFC 1939 §11)
   */
  static Maildrop of(
      MailboxKey mailbox, MailboxIndex index, Map<ContentId, Long> crlfSizes, SortOrder order) {
    int n = index.size();
    var uids = new long[n];
    var sizes = new long[n];
    var contents = new long[n];
    for (var rows = index.rows(); rows.next(); ) {
      int at =
          switch (order) {
            case ASCENDING -> rows.position();
            case DESCENDING -> n - 1 - rows.position();
          };
      contents[at] = rows.content();
      uids[at] = rows.uid();
      sizes[at] = crlfSizes.getOrDefault(new ContentId(contents[at]), (long) rows.size());
    }
    return new Maildrop(mailbox, index.uidValidity(), uids, sizes, contents);
  }

  AccountId account() {
    return mailbox.account();
  }

  /** The greatest number; numbers marked as deleted are counted too. */
  int highest() {
    return uids.length;
  }

  /** Whether there is such a message and it is not marked as deleted. */
  boolean has(long number) {
    return number >= 1 && number <= uids.length && !deleted.get(at(number));
  }

  /** How many messages are not marked as deleted. */
  int count() {
    return uids.length - deleted.cardinality();
  }

  /** Octets of those that are not marked as deleted. */
  long octets() {
    return octets;
  }

  /** Octets of a message as they are sent, doubled dots and the last line's dot not counted. */
  long size(long number) {
    return sizes[at(number)];
  }

  // RFC 1939 §7: 1 to 70 characters from 0x21 to 0x7E, never used again
  String uniqueId(long number) {
    return validity.value() + "." + uids[at(number)];
  }

  ContentId content(long number) {
    return new ContentId(contents[at(number)]);
  }

  /** Marks a message that is there. */
  void delete(long number) {
    deleted.set(at(number));
    octets -= sizes[at(number)];
  }

  /** Takes all marks away. */
  void reset() {
    deleted.clear();
    octets = allOctets;
  }

  /** What is marked. */
  NumberSet deleted() {
    return NumberSet.of(deleted.stream().mapToLong(at -> uids[at]));
  }

  private static int at(long number) {
    return (int) number - 1;
  }
}
