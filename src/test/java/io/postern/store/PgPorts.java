package io.postern.store;

import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.DeletedAccounts;
import io.postern.store.account.Grants;
import io.postern.store.account.MailboxPlans;
import io.postern.store.account.Quotas;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.maintenance.Recoverable;
import io.postern.store.maintenance.UidValidities;
import io.postern.store.postgres.PgBlobs;
import io.postern.store.postgres.PgIndexedTexts;
import io.postern.store.postgres.PgRecoverable;
import io.postern.store.postgres.Sweeper;
import io.postern.store.postgres.account.PgAccounts;
import io.postern.store.postgres.account.PgAppPasswords;
import io.postern.store.postgres.account.PgDeletedAccounts;
import io.postern.store.postgres.account.PgGrants;
import io.postern.store.postgres.account.PgMailboxPlans;
import io.postern.store.postgres.account.PgQuotas;
import io.postern.store.postgres.account.PgUidValidities;
import io.postern.store.postgres.content.CrlfBackfill;
import io.postern.store.postgres.mailbox.PgMailboxes;
import io.postern.store.postgres.message.PgIndexReader;
import io.postern.store.postgres.message.PgMaildropLocks;
import io.postern.store.postgres.message.PgMessages;
import io.postern.store.postgres.tx.CallTimeout;
import io.postern.store.postgres.tx.Tx;
import io.postern.store.postgres.tx.TxMeter;
import io.quarkus.arc.ClientProxy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.hibernate.reactive.mutiny.Mutiny;

/** The ports as PostgreSQL has them, and a way to it beside them. */
@Singleton
public class PgPorts {
  final Tx tx;
  final Accounts accounts;
  final AppPasswords appPasswords;
  final DeletedAccounts deletedAccounts;
  final UidValidities uidValidities;
  final Grants grants;
  final Quotas quotas;
  final MailboxPlans plans;
  final Mailboxes mailboxes;
  final MailboxIndexes indexes;
  final Messages messages;
  final Blobs blobs;
  final IndexedTexts indexedTexts;
  final MaildropLocks locks;
  final Recoverable recoverable;
  final Sweeper sweeper;
  final CrlfBackfill backfill;
  private final Pool pool;

  @Inject
  PgPorts(Vertx vertx, Pool pool, Mutiny.SessionFactory sessions) {
    this.pool = pool;
    tx =
        new Tx(
            vertx,
            ClientProxy.unwrap(pool),
            sessions,
            Future::succeededFuture,
            CallTimeout.DEFAULT,
            TxMeter.NONE);
    accounts = new PgAccounts(tx);
    appPasswords = new PgAppPasswords(tx);
    deletedAccounts = new PgDeletedAccounts(tx);
    uidValidities = new PgUidValidities(tx);
    grants = new PgGrants(tx);
    plans = new PgMailboxPlans(tx);
    quotas = new PgQuotas(tx, () -> Quotas.Levels.NONE);
    mailboxes = new PgMailboxes(tx, () -> Mailboxes.Limits.DEFAULT);
    indexes = new MailboxIndexes(new PgIndexReader(tx), 1 << 26);
    messages = new PgMessages(tx, InstantSource.system(), indexes);
    blobs = new PgBlobs(tx);
    indexedTexts = new PgIndexedTexts(tx);
    locks = new PgMaildropLocks(tx);
    recoverable = new PgRecoverable(tx, InstantSource.system(), (_, _) -> {});
    sweeper = new Sweeper(tx, blobs);
    backfill = new CrlfBackfill(tx);
  }

  /** Runs a statement of the test's own. */
  List<Row> sql(String statement, Object... arguments) {
    try {
      var rows =
          pool.preparedQuery(statement)
              .execute(Tuple.wrap(arguments))
              .toCompletionStage()
              .toCompletableFuture()
              .get(60, TimeUnit.SECONDS);
      return StreamSupport.stream(rows.spliterator(), false).toList();
    } catch (Exception e) {
      throw new IllegalStateException(statement, e);
    }
  }

  /** The only number that a statement answers. */
  long number(String statement, Object... arguments) {
    return sql(statement, arguments).getFirst().getLong(0);
  }
}
