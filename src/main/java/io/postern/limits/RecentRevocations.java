package io.postern.limits;

import io.postern.auth.Identity;
import io.postern.auth.LoginAttempt;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * When the access of which users was last revoked, as this replica learned of it. A login attempt
 * that began before may have read the account, or its password, as it was before the revocation.
 * Confined to the bus's context.
 */
final class RecentRevocations {
  /** The most users; beyond, the oldest revocation is forgotten. */
  static final int MAX_USERS = 10_000;

  /** Users and the times of {@link System#nanoTime}, the oldest first. */
  private final SequencedMap<String, Long> times = new LinkedHashMap<>();

  /** The newest revocation that was forgotten. */
  private Optional<Long> forgotten = Optional.empty();

  /** Records that the user's access was revoked now. */
  void add(String user) {
    times.putLast(user, System.nanoTime());
    if (times.size() > MAX_USERS) {
      forgotten = Optional.of(times.pollFirstEntry().getValue());
    }
  }

  /**
   * Whether the access of the user or of the opened account was revoked since the attempt began. An
   * attempt that began before a forgotten revocation counts as revoked, because it can't be known.
   */
  boolean concern(LoginAttempt attempt, Identity identity) {
    return concern(attempt, Optional.ofNullable(times.get(identity.name())))
        || concern(attempt, Optional.ofNullable(times.get(identity.user())))
        || concern(attempt, forgotten);
  }

  private static boolean concern(LoginAttempt attempt, Optional<Long> revoked) {
    return revoked.filter(time -> time - attempt.began() >= 0).isPresent();
  }
}
