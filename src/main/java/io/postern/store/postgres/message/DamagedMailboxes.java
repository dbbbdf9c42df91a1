package io.postern.store.postgres.message;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.StoreFailure.Damaged;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.StreamSupport;

/**
 * Marks mailboxes that cannot be read as they were written, so that no node changes or opens them,
 * and removes the mark of those that were restored. The mark is in the mailbox's row: the
 * statements that write look at it. The version before does not know it. Safe for all threads.
 */
public final class DamagedMailboxes {
  private static final Logger LOG = System.getLogger(DamagedMailboxes.class.getName());

  /** How many mailboxes are looked at again in one run; more are left to the next. */
  private static final int RECHECKED = 500;

  /** Changes nothing, and returns no row, if the mailbox is marked already. */
  private static final String MARK =
      "UPDATE mailbox_state SET damaged = $3 WHERE account = $1 AND mailbox = $2"
          + " AND damaged IS NULL RETURNING mailbox";

  private static final String UNMARK =
      "UPDATE mailbox_state SET damaged = NULL WHERE account = $1 AND mailbox = $2";

  private static final String MARKED =
      "SELECT account, mailbox FROM mailbox_state WHERE damaged IS NOT NULL"
          + " ORDER BY account, mailbox LIMIT "
          + RECHECKED;

  private final Tx tx;
  private final AtomicLong count = new AtomicLong();

  public DamagedMailboxes(Tx tx) {
    this.tx = tx;
  }

  /**
   * How many mailboxes are marked: those that the last {@link #recheck} left, and those that this
   * node has marked since.
   */
  public long count() {
    return count.get();
  }

  /** A call that marks the mailbox if it fails because that is damaged. */
  <T> Uni<T> marking(Uni<T> call) {
    return call.onFailure(DamagedMailboxes::isDamaged)
        .call(failure -> mark((Damaged) ((StoreException) failure).failure()));
  }

  private static boolean isDamaged(Throwable failure) {
    return failure instanceof StoreException e && e.failure() instanceof Damaged;
  }

  /** Of all nodes that find the damage, only the one that marks it logs it. */
  private Uni<Void> mark(Damaged damaged) {
    var mailbox = damaged.mailbox();
    return tx.update(
            client ->
                client
                    .preparedQuery(MARK)
                    .execute(
                        Tuple.of(
                            mailbox.account().value(), mailbox.mailbox().value(), damaged.what())))
        .invoke(
            rows -> {
              if (rows.size() > 0) {
                count.incrementAndGet();
                LOG.log(
                    Level.ERROR,
                    "A mailbox is damaged and cannot be opened or changed until it is restored:"
                        + " account={0} mailbox={1} objectId={2} damage={3}",
                    Long.toString(mailbox.account().value()),
                    Long.toString(mailbox.mailbox().value()),
                    mailbox.mailbox().objectId(damaged.uidValidity()),
                    damaged.what());
              }
            })
        // The call fails as before; the next read of the mailbox marks it.
        .onFailure()
        .recoverWithNull()
        .replaceWithVoid();
  }

  /**
   * Reads the marked mailboxes again, and removes the mark of those without damage.
   *
   * @return how many it removed
   */
  public Uni<Long> recheck() {
    return tx.<List<MailboxKey>>autocommit(
            client ->
                client
                    .preparedQuery(MARKED)
                    .execute()
                    .map(
                        rows ->
                            StreamSupport.stream(rows.spliterator(), false)
                                .map(
                                    row ->
                                        new MailboxKey(
                                            new AccountId(row.getLong(0)),
                                            new MailboxId(row.getLong(1))))
                                .toList()))
        .flatMap(
            marked ->
                Multi.createFrom()
                    .iterable(marked)
                    .onItem()
                    .transformToUniAndConcatenate(this::recheck)
                    .filter(intact -> intact)
                    .collect()
                    .asList()
                    .map(intact -> (long) intact.size())
                    .invoke(intact -> count.set(marked.size() - intact)));
  }

  private Uni<Boolean> recheck(MailboxKey mailbox) {
    return tx.longRead(client -> PgIndexReader.load(PgIndexReader.executor(client), mailbox))
        .chain(
            _ ->
                tx.update(
                    client ->
                        client
                            .preparedQuery(UNMARK)
                            .execute(
                                Tuple.of(mailbox.account().value(), mailbox.mailbox().value()))))
        .replaceWith(true)
        .onFailure(DamagedMailboxes::isDamaged)
        .recoverWithItem(false)
        .onFailure(DamagedMailboxes::isGone)
        .recoverWithItem(true);
  }

  private static boolean isGone(Throwable failure) {
    return failure instanceof StoreException e && e.failure() instanceof StoreFailure.MailboxGone;
  }
}
