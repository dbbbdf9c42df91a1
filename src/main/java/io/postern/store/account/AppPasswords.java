package io.postern.store.account;

import io.postern.model.Ids.AccountId;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Passwords of single programs, made by the server, each of which can be taken back by itself. An
 * account has {@link #MOST} at most.
 */
public interface AppPasswords {
  /** How many an account may have. */
  int MOST = 100;

  /**
   * One of them.
   *
   * @param name what it is called, unique within the account
   * @param verifier its hash
   * @param created when it was made
   * @param lastUsed when it was used last, to an hour or so
   */
  record AppPassword(String name, Secret verifier, Instant created, Optional<Instant> lastUsed) {}

  /** Those of an account, by name. */
  Uni<List<AppPassword>> list(AccountId account);

  /**
   * Adds one. Fails with {@link StoreFailure.LimitReached} when there are {@link #MOST}.
   *
   * @return whether the name was free; nothing changes when not
   */
  Uni<Boolean> add(AccountId account, String name, Secret verifier);

  /** Takes one back; whether there was one of that name. */
  Uni<Boolean> revoke(AccountId account, String name);

  /** Notes that one was used now, unless that was noted within the last hour. */
  Uni<Void> used(AccountId account, String name);
}
