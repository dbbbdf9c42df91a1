package io.postern.store.account;

import io.postern.model.Ids.AccountId;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Deleted accounts, which can be restored until their retention ends ({@code
 * mail.retention.mailbox}). {@link Accounts} leaves them out: no login, no delivery and no delegate
 * finds one. Their names stay reserved.
 */
public interface DeletedAccounts {
  /**
   * A deleted account.
   *
   * @param name its login name, lower case
   * @param deleted when it was deleted
   * @param purging whether the removal of its mail has begun: it can no longer be restored
   */
  record Deleted(String name, Instant deleted, boolean purging) {}

  /**
   * Deletes an account, in one transaction; all it holds is kept.
   *
   * @param check checks what is set for the account; throws to refuse. May be called more than once
   * @return the account as it was, without its plan and options; empty when there is none
   */
  Uni<Optional<Account>> delete(AccountId account, Consumer<AccountSettings> check);

  /** The deleted account of this login name, compared without case; empty when there is none. */
  Uni<Optional<Deleted>> find(String name);

  /**
   * Deleted accounts in the order of their names.
   *
   * @param after the name behind which to begin, itself left out; empty for the first page
   * @param limit how many at most, at least 1
   */
  Uni<List<Deleted>> page(String after, int limit);

  /**
   * Restores an account with its data and its access.
   *
   * @return whether it could be restored: there is such a deleted account, and its removal has not
   *     begun
   */
  Uni<Boolean> restore(String name);
}
