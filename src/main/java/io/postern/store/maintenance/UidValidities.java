package io.postern.store.maintenance;

import io.postern.model.Ids.AccountId;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Renewal of UIDVALIDITY (RFC 3501 §2.3.1.1): after the database was restored to an older state,
 * UIDs and mod-sequences are assigned a second time, so clients must discard their caches. Each
 * mailbox gets a value greater than all that its account had; UIDs stay.
 */
public interface UidValidities {
  /** The most renewals that one call lists. */
  int MOST_LISTED = 1_000;

  /**
   * A renewal of all accounts.
   *
   * @param id ascending
   * @param requested when it was requested
   * @param finished when all sessions of the last account were asked to end; empty before
   * @param accounts how many there were when it was requested
   * @param accountsRenewed how many of them are done
   * @param mailboxesRenewed how many mailboxes they have
   */
  record Renewal(
      long id,
      Instant requested,
      Optional<Instant> finished,
      long accounts,
      long accountsRenewed,
      long mailboxesRenewed) {}

  /**
   * Accounts whose mailboxes are renewed and whose sessions are to be ended.
   *
   * @param renewal its id
   * @param upTo the greatest id among the accounts
   * @param names their login names
   */
  record Batch(long renewal, AccountId upTo, List<String> names) {}

  /**
   * Renews all mailboxes of an account, in one transaction.
   *
   * @return how many
   */
  Uni<Integer> renew(AccountId account);

  /** Requests a renewal of all accounts; empty when one is not finished yet. */
  Uni<Optional<Renewal>> renewAll();

  /** The renewal of this id; empty when there is none. */
  Uni<Optional<Renewal>> find(long id);

  /**
   * Renewals ascending by id.
   *
   * @param after the id behind which to begin; 0 for the first ones
   * @param limit how many at most, 1 to {@link #MOST_LISTED}
   */
  Uni<List<Renewal>> list(long after, int limit);

  /**
   * Renews the next accounts of the unfinished renewal, in one transaction. The previous batch is
   * returned again until {@link #complete} marks it as done, so that no session is missed when a
   * process is killed in between.
   *
   * @return empty when there is nothing to do, or another node is renewing
   */
  Uni<Optional<Batch>> next();

  /** Records that the sessions of a batch were asked to end. */
  Uni<Void> complete(Batch batch);
}
