package io.postern.auth;

import io.postern.store.account.Account;
import java.util.Optional;

/**
 * Whom an attempt is about, before anything is proved. Whatever is wrong with them, the proof is
 * checked all the same: so all who are refused have waited equally long.
 *
 * @param attempt the attempt
 * @param names what its name means
 * @param account theirs; empty when there is none
 * @param opened the account whose mailboxes are to be opened: theirs, or the one that they ask for;
 *     empty when there is none
 * @param obstacle why no proof can help them; empty when it can
 */
public record Candidate(
    LoginAttempt attempt,
    LoginName.Meaning names,
    Optional<Account> account,
    Optional<Account> opened,
    Optional<Failure> obstacle) {
  /** Whether the proof decides. */
  public boolean mayProve() {
    return obstacle.isEmpty();
  }
}
