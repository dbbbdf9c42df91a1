package io.postern.sessions;

import java.util.ArrayList;
import java.util.List;

/**
 * The messages of the selected mailbox as a client knows them: their UIDs by sequence number. 0 is
 * a message whose UID the client has not seen.
 */
final class KnownUids {
  private final List<Long> uids = new ArrayList<>();

  int size() {
    return uids.size();
  }

  /** The UID of a message; 0 when it is not known. */
  long uid(int number) {
    if (number < 1 || number > uids.size()) {
      throw new AssertionError("message " + number + " of " + uids.size());
    }
    return uids.get(number - 1);
  }

  /** The number of the message with this UID. */
  int number(long uid) {
    var at = uids.indexOf(uid);
    if (at < 0 && uids.contains(0L)) {
      at = uids.indexOf(0L);
      uids.set(at, uid);
    }
    if (at < 0) {
      throw new AssertionError("UID " + uid + ", which the client does not know among " + uids);
    }
    return at + 1;
  }

  /** The count of an EXISTS; the UIDs are those of the mailbox now. */
  void grow(int count, List<Long> present) {
    if (count < uids.size()) {
      throw new AssertionError("EXISTS " + count + " while the client knows of " + uids.size());
    }
    var last = uids.isEmpty() ? 0 : uids.getLast();
    present.stream().filter(uid -> uid > last).limit(count - uids.size()).forEach(uids::add);
    while (uids.size() < count) {
      uids.add(0L);
    }
  }

  void saw(int number, long uid) {
    var known = uid(number);
    if (known != 0 && known != uid) {
      throw new AssertionError("message " + number + " has UID " + uid + " and had " + known);
    }
    uids.set(number - 1, uid);
  }

  void remove(int number) {
    uid(number);
    uids.remove(number - 1);
  }
}
