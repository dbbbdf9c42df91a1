package io.postern.transfer;

import io.postern.transfer.archive.Spool;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The messages that a mailbox had before an import, by size and date. A message of the source takes
 * one of them with the same octets: so an archive that holds a message twice fills a mailbox with
 * both, and the same import once more adds none.
 */
final class PresentMessages {
  private record Alike(long size, long epochSecond) {}

  private final RemoteMailbox mailbox;
  private final Map<Alike, Deque<Long>> left = new HashMap<>();

  PresentMessages(RemoteMailbox mailbox) throws IOException {
    this.mailbox = mailbox;
    mailbox.list(
        stored ->
            left.computeIfAbsent(
                    new Alike(stored.size(), stored.date().toEpochSecond()),
                    _ -> new ArrayDeque<>(1))
                .add(stored.uid()));
  }

  /**
   * Takes a message with the same octets and date.
   *
   * @param octets of the message, all of them
   * @return whether there is one left
   */
  boolean take(Spool octets, long epochSecond) throws IOException {
    var alike = left.get(new Alike(octets.size(), epochSecond));
    if (alike == null || alike.isEmpty()) {
      return false;
    }
    var digest = octets.digest();
    for (Iterator<Long> uids = alike.iterator(); uids.hasNext(); ) {
      try (var stored = new Spool()) {
        mailbox.read(uids.next(), stored);
        if (MessageDigest.isEqual(digest, stored.digest())) {
          uids.remove();
          return true;
        }
      }
    }
    return false;
  }
}
