package io.postern.store.account;

import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The mailbox plans. A change of one applies at once to all its accounts, where these have no value
 * of their own.
 */
public interface MailboxPlans {
  /** How many there may be. */
  int MAX = 1_000;

  /** What became of a deletion. */
  enum Deletion {
    DONE,
    /** There is no such plan. */
    UNKNOWN,
    /** Accounts have it, or deleted accounts that can be restored. */
    IN_USE
  }

  /**
   * Plans in the order of their names.
   *
   * @param after the name behind which to begin, itself left out; empty for the first page
   * @param most how many at most, at least 1
   */
  Uni<List<MailboxPlan>> page(String after, int most);

  /** The plan of this name; empty when there is none. */
  Uni<Optional<MailboxPlan>> find(String name);

  /**
   * Creates a plan, or replaces the one of its name, in one transaction. If it is the default, the
   * one before is no longer. Fails with {@link StoreFailure.LimitReached} when there are {@link
   * #MAX}.
   *
   * @param check is given the plan that is replaced; throws to change nothing. May be called more
   *     than once
   * @return the plan that was replaced
   */
  Uni<Optional<MailboxPlan>> put(MailboxPlan plan, Consumer<Optional<MailboxPlan>> check);

  /**
   * Deletes a plan that no account has.
   *
   * @param check throws to keep it. May be called more than once
   */
  Uni<Deletion> delete(String name, Consumer<MailboxPlan> check);
}
