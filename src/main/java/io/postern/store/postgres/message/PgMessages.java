package io.postern.store.postgres.message;

import io.postern.cancellation.CancellationToken;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.Uid;
import io.postern.model.message.FlagsUpdate;
import io.postern.store.Destination;
import io.postern.store.MaildropLock;
import io.postern.store.Messages;
import io.postern.store.account.Quotas.Levels;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.postgres.content.ContentQuery;
import io.postern.store.postgres.content.ContentRows;
import io.postern.store.postgres.content.CrlfSizes;
import io.postern.store.postgres.content.HeaderRows;
import io.postern.store.postgres.message.MailboxQueue.Pending;
import io.postern.store.postgres.message.MailboxQueue.PendingAppend;
import io.postern.store.postgres.message.MailboxQueue.PendingChange;
import io.postern.store.postgres.message.MailboxQueue.PendingCopy;
import io.postern.store.postgres.tx.Statements;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.SqlClient;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** The messages, in PostgreSQL. */
public final class PgMessages implements Messages {
  /** How many contents one call may request. */
  private static final int MOST_CONTENTS = 1_000;

  /** How many contents are read on the connection of short reads. */
  private static final int SHORT = 8;

  private static final NumberSet ALL = NumberSet.range(1, Uid.MAX);

  private final Tx tx;
  private final InstantSource clock;
  private final PgIndexReader reader;
  private final DamagedMailboxes damaged;
  private final IndexSource indexes;
  private final QuotaCheck quota;
  private final AppendBatch appends = new AppendBatch(this::appended);
  private final MailboxQueue queue = new MailboxQueue(this::write);

  /**
   * @param indexes the node's indexes, which changes are computed from; they must read from the
   *     same database
   * @param defaults the quotas of accounts without levels of their own; read at each append and
   *     copy
   * @param damaged marks what cannot be read
   */
  public PgMessages(
      Tx tx,
      InstantSource clock,
      MailboxIndexes indexes,
      Supplier<Levels> defaults,
      DamagedMailboxes damaged) {
    this.tx = tx;
    this.clock = clock;
    this.damaged = damaged;
    this.reader = new PgIndexReader(tx, damaged);
    this.indexes = new IndexSource(indexes);
    this.quota = new QuotaCheck(defaults);
  }

  /** With quotas of accounts without levels of their own, and marks that no meter counts. */
  public PgMessages(Tx tx, InstantSource clock, MailboxIndexes indexes, Supplier<Levels> defaults) {
    this(tx, clock, indexes, defaults, new DamagedMailboxes(tx));
  }

  /** The same without such quotas. */
  public PgMessages(Tx tx, InstantSource clock, MailboxIndexes indexes) {
    this(tx, clock, indexes, () -> Levels.NONE);
  }

  @Override
  public Uni<Appended> append(Destination to, List<NewMessage> messages) {
    return queued(
        queueOf(to),
        (token, answer) -> new PendingAppend(to, List.copyOf(messages), token, answer));
  }

  /** By its key, if that is known; a wrong guess only puts the write into another queue. */
  private Destination queueOf(Destination to) {
    return switch (to) {
      case Destination.Keyed _ -> to;
      case Destination.Named(var account, var name, _) ->
          indexes
              .lastNamed(account, name)
              .<Destination>map(Destination.Keyed::new)
              .orElseGet(() -> new Destination.Named(account, name, Optional.empty()));
    };
  }

  /** Queues a write; its answer. */
  private <R> Uni<R> queued(
      Destination mailbox, BiFunction<CancellationToken, Promise<R>, Pending> write) {
    return damaged.marking(
        tx.call(
            token -> {
              var answer = Promise.<R>promise();
              queue.add(mailbox, write.apply(token, answer));
              return answer.future();
            }));
  }

  private Future<?> write(List<Pending> batch) {
    return switch (batch.getFirst()) {
      case PendingAppend _ -> appends.run(batch.stream().map(PendingAppend.class::cast).toList());
      case PendingChange(var mailbox, var _, var _, var _) ->
          new IndexedChanges(
                  tx, indexes, mailbox, batch.stream().map(PendingChange.class::cast).toList())
              .run();
      case PendingCopy(var copy, var _, var answer) -> copy.run().onComplete(answer);
    };
  }

  private Future<List<Appended>> appended(List<PendingAppend> batch) {
    return new Append(tx, indexes, quota, clock, batch)
        .run()
        // The node's index first: the next batch may begin with it.
        .onSuccess(
            answers -> answers.forEach(each -> indexes.apply(each.mailbox(), each.change())));
  }

  @Override
  public Uni<Optional<Found>> find(AccountId account, MailboxName name, Optional<Known> known) {
    return reader.find(account, name, known);
  }

  @Override
  public Uni<Loaded> load(MailboxKey mailbox) {
    return reader.load(mailbox);
  }

  @Override
  public Uni<Since> changesSince(MailboxKey mailbox, ModSeq since) {
    return reader.changesSince(mailbox, since);
  }

  @Override
  public Uni<Since> changesSince(MailboxKey mailbox, ModSeq since, long uidNext) {
    return reader.changesSince(mailbox, since, uidNext);
  }

  @Override
  public Uni<Optional<NumberSet>> expungedSince(MailboxKey mailbox, ModSeq since) {
    return reader.expungedSince(mailbox, since);
  }

  @Override
  public Uni<Changed> storeFlags(MailboxKey mailbox, NumberSet uids, FlagsUpdate update) {
    return changed(mailbox, new StoreFlags(uids, update));
  }

  private Uni<Changed> changed(MailboxKey mailbox, IndexOperation operation) {
    return queued(
        new Destination.Keyed(mailbox),
        (token, answer) -> new PendingChange(mailbox, operation, token, answer));
  }

  @Override
  public Uni<Copied> copy(MailboxKey from, NumberSet uids, Destination to) {
    return copied(new CopyMove(tx, clock, indexes, quota, from, uids, to, false), from);
  }

  @Override
  public Uni<Copied> move(MailboxKey from, NumberSet uids, Destination to) {
    return copied(new CopyMove(tx, clock, indexes, quota, from, uids, to, true), from);
  }

  private Uni<Copied> copied(CopyMove copy, MailboxKey from) {
    return queued(
        new Destination.Keyed(from), (token, answer) -> new PendingCopy(copy, token, answer));
  }

  @Override
  public Uni<Changed> expunge(MailboxKey mailbox, Optional<NumberSet> uids) {
    return changed(mailbox, new Expunge(uids.orElse(ALL), true, true));
  }

  @Override
  public Uni<Changed> remove(MailboxKey mailbox, NumberSet uids) {
    return changed(mailbox, new Expunge(uids, false, true));
  }

  @Override
  public Uni<Optional<Changed>> update(MaildropLock lock, NumberSet uids) {
    return damaged
        .marking(
            tx.call(
                _ ->
                    atOnce(lock, uids)
                        .compose(
                            done ->
                                done.isPresent()
                                    ? Future.succeededFuture(done)
                                    : tx.writing(statements -> bySteps(statements, lock, uids)))))
        .invoke(done -> done.ifPresent(change -> indexes.apply(lock.mailbox(), change)));
  }

  /**
   * Removes and releases in one statement. Empty, with nothing written, when the node's index is
   * too old, the lock is lost, or there is nothing to remove.
   */
  private Future<Optional<Changed>> atOnce(MaildropLock lock, NumberSet uids) {
    var mailbox = lock.mailbox();
    var index = indexes.cached(mailbox);
    var result = index.map(it -> new Expunge(uids, false, true).on(it));
    if (result.filter(it -> it.removed().size() > 0).isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    var arguments =
        PageRows.changes(mailbox, index.get(), List.of(result.get())).addLong(lock.token());
    return tx.statement(
            client -> client.preparedQuery(PageRows.CHANGE_AND_RELEASE).execute(arguments))
        .map(rows -> result.filter(_ -> rows.size() > 0).map(IndexOperation.Result::change));
  }

  /** The mailbox first, as everywhere: a session that waits for it still holds its lock. */
  private Future<Optional<Changed>> bySteps(
      Statements statements, MaildropLock lock, NumberSet uids) {
    var locked = MailboxStateRow.lock(statements, lock.mailbox());
    var held = PgMaildropLocks.giveUp(statements, lock);
    return locked.compose(
        row -> held.compose(mine -> removed(statements, lock.mailbox(), row, mine, uids)));
  }

  private Future<Optional<Changed>> removed(
      Statements statements,
      MailboxKey mailbox,
      MailboxStateRow row,
      boolean held,
      NumberSet uids) {
    return held
        ? IndexedChanges.within(statements, indexes, mailbox, row, new Expunge(uids, false, true))
            .compose(change -> statements.commit().map(Optional.of(change)))
        : Future.succeededFuture(Optional.empty());
  }

  @Override
  public Uni<Map<ContentId, Long>> crlfSizes(AccountId account) {
    return CrlfSizes.read(tx, account);
  }

  @Override
  public Uni<Contents> contents(
      AccountId account, Collection<ContentId> ids, Columns wanted, long octets) {
    requireFew(ids);
    var query = ContentQuery.of(account, ids, wanted, octets);
    Function<SqlClient, Future<Contents>> read =
        client ->
            client
                .preparedQuery(query.sql())
                .execute(query.arguments())
                .map(rows -> ContentRows.read(rows, wanted));
    return ids.size() > SHORT ? tx.longRead(read) : tx.autocommit(read);
  }

  @Override
  public Uni<Map<ContentId, StoredHeader>> headers(
      AccountId account, Collection<ContentId> ids, HeaderColumns columns) {
    requireFew(ids);
    return tx.autocommit(
        client ->
            client
                .preparedQuery(HeaderRows.reading(columns))
                .execute(HeaderRows.which(account, ids))
                .map(HeaderRows::read));
  }

  private static void requireFew(Collection<ContentId> ids) {
    if (ids.size() > MOST_CONTENTS) {
      throw new IllegalArgumentException("at most 1,000 contents at a time, were " + ids.size());
    }
  }
}
