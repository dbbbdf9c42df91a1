package io.postern.auth;

import io.postern.store.account.Account;
import java.util.Optional;

/**
 * The user that a login attempt claims to be, before the proof. The proof is checked even when the
 * login is refused anyway, so that every refusal takes equally long.
 *
 * @param attempt the attempt
 * @param meaning what its name means
 * @param account the user's account; empty when there is none
 * @param owner the account whose mailboxes are to be opened: the user's, or the requested one;
 *     empty when there is none
 * @param obstacle why the login fails whatever the proof; empty when the proof decides
 */
public record Candidate(
    LoginAttempt attempt,
    LoginName.Meaning meaning,
    Optional<Account> account,
    Optional<Account> owner,
    Optional<Failure> obstacle) {
  /** Whether the proof decides. */
  public boolean isEligible() {
    return obstacle.isEmpty();
  }
}
