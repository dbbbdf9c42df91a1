package io.postern.pop3.maildrop;

import io.postern.config.area.Pop3Settings.SortOrder;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.model.UidValidity;
import io.postern.store.index.MailboxIndex;
import java.util.BitSet;
import java.util.Map;

/**
 * INBOX as it was at login, and the messages marked as deleted. Messages are numbered from 1 and
 * keep their numbers (RFC 1939 §4).
 */
public final class Maildrop {
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
   * Creates the maildrop from a mailbox's present state.
   *
   * @param crlfSizes sizes of the contents that grow when every line is ended by CRLF, as it is
   *     when they are sent (RFC 1939 §11)
   */
  static Maildrop of(
      MailboxKey mailbox, MailboxIndex index, Map<ContentId, Long> crlfSizes, SortOrder order) {
    int n = index.size();
    var uids = new long[n];
    var sizes = new long[n];
    var contents = new long[n];
    boolean grow = !crlfSizes.isEmpty();
    for (var rows = index.rows(); rows.next(); ) {
      int at =
          switch (order) {
            case ASCENDING -> rows.position();
            case DESCENDING -> n - 1 - rows.position();
          };
      contents[at] = rows.content();
      uids[at] = rows.uid();
      sizes[at] = rows.size();
      if (grow) {
        sizes[at] = crlfSizes.getOrDefault(new ContentId(contents[at]), sizes[at]);
      }
    }
    return new Maildrop(mailbox, index.uidValidity(), uids, sizes, contents);
  }

  AccountId account() {
    return mailbox.account();
  }

  /** The greatest message number, including those marked as deleted. */
  public int highest() {
    return uids.length;
  }

  /** Whether the message exists and is not marked as deleted. */
  public boolean has(long number) {
    return number >= 1 && number <= uids.length && !deleted.get(at(number));
  }

  /** Number of messages not marked as deleted. */
  public int count() {
    return uids.length - deleted.cardinality();
  }

  /** Octets of the messages not marked as deleted. */
  public long octets() {
    return octets;
  }

  /** Octets of a message as sent, without doubled dots and the last line's dot. */
  public long size(long number) {
    return sizes[at(number)];
  }

  /** Appends 1 to 70 characters from 0x21 to 0x7E, never used again (RFC 1939 §7). */
  public void appendUniqueId(StringBuilder line, long number) {
    line.append(validity.value()).append('.').append(uids[at(number)]);
  }

  ContentId content(long number) {
    return new ContentId(contents[at(number)]);
  }

  /** Marks an existing message as deleted. */
  public void delete(long number) {
    deleted.set(at(number));
    octets -= sizes[at(number)];
  }

  /** Removes all marks. */
  public void reset() {
    deleted.clear();
    octets = allOctets;
  }

  /** The messages marked as deleted. */
  public NumberSet deleted() {
    return NumberSet.of(deleted.stream().mapToLong(at -> uids[at]));
  }

  private static int at(long number) {
    return (int) number - 1;
  }
}
