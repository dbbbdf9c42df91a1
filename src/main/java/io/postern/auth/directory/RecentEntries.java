package io.postern.auth.directory;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/** What the directory has answered for users, for some seconds, and for so many users at most. */
final class RecentEntries {
  /**
   * The entry of a user.
   *
   * @param dn its distinguished name
   * @param account the name of the account, in lower case
   */
  record Entry(String dn, String account) {}

  private record Answer(Optional<Entry> entry, long until) {}

  static final int MOST = 10_000;

  private final ConcurrentMap<String, Answer> answers = new ConcurrentHashMap<>();
  private final long nanos;
  private final LongSupplier clock;

  RecentEntries(Duration life, LongSupplier clock) {
    this.nanos = life.toNanos();
    this.clock = clock;
  }

  /** The answer for a user; empty when there is none of late. */
  Optional<Optional<Entry>> get(String user) {
    var answer = answers.get(user);
    return answer == null || answer.until - clock.getAsLong() <= 0
        ? Optional.empty()
        : Optional.of(answer.entry);
  }

  void put(String user, Optional<Entry> entry) {
    if (nanos == 0) {
      return;
    }
    long now = clock.getAsLong();
    if (answers.size() >= MOST) {
      answers.values().removeIf(answer -> answer.until - now <= 0);
    }
    if (answers.size() < MOST) {
      answers.put(user, new Answer(entry, now + nanos));
    }
  }
}
