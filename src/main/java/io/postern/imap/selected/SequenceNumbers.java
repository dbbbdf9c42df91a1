package io.postern.imap.selected;

import io.postern.model.NumberSet;
import io.postern.model.SequenceSet;
import io.postern.model.Uid;
import io.postern.store.index.MailboxIndex;
import java.util.stream.IntStream;

/**
 * The sequence numbers by which a client counts the messages it knows (RFC 3501 §2.3.1.2): those
 * below a UID, with the expunged ones that it still counts. Immutable. Every method expects an
 * index in which the expunges are noticed.
 *
 * @param uidNext the client knows the messages below this UID
 * @param gone those of them whose expunge was not sent to the client
 */
record SequenceNumbers(long uidNext, PendingExpunges gone) {
  SequenceNumbers upTo(long newUidNext) {
    return new SequenceNumbers(newUidNext, gone);
  }

  SequenceNumbers with(PendingExpunges newGone) {
    return new SequenceNumbers(uidNext, newGone);
  }

  int exists(MailboxIndex index) {
    return present(index) + gone.size();
  }

  int present(MailboxIndex index) {
    return index.countBelow(uidNext);
  }

  int number(MailboxIndex index, long uid) {
    return number(index.countBelow(uid), uid);
  }

  /** The sequence number of the message at a position of the index. */
  int number(int position, long uid) {
    return position + gone.countBelow(uid) + 1;
  }

  /** The UID of a sequence number, 1 to {@link #exists}; the message may be expunged. */
  long uid(MailboxIndex index, int number) {
    int low = 0;
    int high = present(index) - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int there = number(middle, index.uid(middle));
      if (there == number) {
        return index.uid(middle);
      }
      if (there < number) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    // The message is expunged: of the messages below it, low are present, the others expunged.
    return gone.at(number - low - 1);
  }

  int[] positions(MailboxIndex index, NumberSet uids) {
    int present = present(index);
    return IntStream.range(0, uids.ranges())
        .flatMap(
            range ->
                IntStream.range(
                    index.countBelow(uids.first(range)),
                    Math.min(present, index.countBelow(uids.last(range) + 1))))
        .toArray();
  }

  NumberSet numbered(MailboxIndex index, SequenceSet numbers) {
    int exists = exists(index);
    if (numbers.greatest() > exists) {
      throw new IllegalArgumentException(
          "there is no message " + numbers.greatest() + ", the last one is " + exists);
    }
    var resolved = numbers.resolve(exists);
    var builder = new NumberSet.Builder();
    for (int i = 0; i < resolved.ranges(); i++) {
      builder.add(uid(index, (int) resolved.first(i)), uid(index, (int) resolved.last(i)));
    }
    return builder.build();
  }

  NumberSet uids(MailboxIndex index, SequenceSet uids) {
    int exists = exists(index);
    long star = exists == 0 ? 0 : uid(index, exists);
    long last = Math.min(uidNext - 1, Uid.MAX);
    return last < 1 ? NumberSet.EMPTY : uids.resolve(star).intersection(NumberSet.range(1, last));
  }
}
