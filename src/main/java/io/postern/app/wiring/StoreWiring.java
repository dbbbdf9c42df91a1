package io.postern.app.wiring;

import io.postern.config.BootSettings;
import io.postern.config.Live;
import io.postern.observe.Database;
import io.postern.observe.meter.StoreMeters;
import io.postern.push.Hints;
import io.postern.push.PublishingMailboxes;
import io.postern.push.PublishingMessages;
import io.postern.push.PublishingRecoverable;
import io.postern.store.Blobs;
import io.postern.store.Mailboxes;
import io.postern.store.Mailboxes.Limits;
import io.postern.store.MaildropLocks;
import io.postern.store.Messages;
import io.postern.store.Recoverable;
import io.postern.store.UidValidities;
import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.DeletedAccounts;
import io.postern.store.account.Grants;
import io.postern.store.index.IndexUpdatingMessages;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.postgres.PgBlobs;
import io.postern.store.postgres.PgRecoverable;
import io.postern.store.postgres.Sweeper;
import io.postern.store.postgres.account.AccountPurge;
import io.postern.store.postgres.account.PgAccounts;
import io.postern.store.postgres.account.PgAppPasswords;
import io.postern.store.postgres.account.PgDeletedAccounts;
import io.postern.store.postgres.account.PgGrants;
import io.postern.store.postgres.account.PgUidValidities;
import io.postern.store.postgres.mailbox.PgMailboxes;
import io.postern.store.postgres.message.PgMaildropLocks;
import io.postern.store.postgres.message.PgMessages;
import io.postern.store.postgres.schema.Schema;
import io.postern.store.postgres.tx.CallTimeout;
import io.postern.store.postgres.tx.Tx;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.hibernate.reactive.mutiny.Mutiny;

/** Wires the store, its indexes and the publication of changes. */
public final class StoreWiring {
  /** The indexes may take the heap divided by this. */
  private static final int HEAP_PART = 8;

  /** A database that does not answer within this time is unreachable. */
  private static final int CONNECT_MILLIS = 5_000;

  /** Tracks whether the database has the schema of this package, so that calls may be made. */
  @Singleton
  public static final class SchemaCurrent {
    /** The current check of the schema: waiting calls end with it. */
    private final AtomicReference<Promise<Void>> look = new AtomicReference<>(Promise.promise());

    /** The final result of all checks. */
    private final Promise<Void> last = Promise.promise();

    public void reached() {
      look.get().complete();
      last.complete();
    }

    /** The database does not answer: fails the current check and begins a new one. */
    public void away(Throwable why) {
      look.getAndSet(Promise.promise()).fail(why);
    }

    /** The database cannot be used: fails for good. */
    public void lost(Throwable why) {
      away(why);
      last.fail(why);
    }

    Future<Void> now() {
      return look.get().future();
    }

    public Uni<Void> atLast() {
      return Uni.createFrom().completionStage(() -> last.future().toCompletionStage());
    }
  }

  @Produces
  @Singleton
  InstantSource clock() {
    return InstantSource.system();
  }

  @Produces
  @Singleton
  CallTimeout patience(BootSettings settings) {
    return new CallTimeout(settings.store().callTimeout());
  }

  /** The platform's pool, its connections configured with the call timeout. */
  @Produces
  @Singleton
  PgPoolCreator pool(CallTimeout timeout) {
    return input -> pool(input, timeout);
  }

  private static Pool pool(PgPoolCreator.Input input, CallTimeout timeout) {
    return PgBuilder.pool()
        .with(timeout.on(input.poolOptions()))
        .connectingTo(
            input.pgConnectOptionsList().stream()
                .map(PgConnectOptions::new)
                .map(given -> given.setConnectTimeout(CONNECT_MILLIS))
                .<SqlConnectOptions>map(timeout::on)
                .toList())
        .using(input.vertx())
        .build();
  }

  @Produces
  @Singleton
  Tx tx(
      Vertx vertx,
      Pool pool,
      Mutiny.SessionFactory sessions,
      SchemaCurrent current,
      CallTimeout timeout,
      StoreMeters meters) {
    return new Tx(vertx, pool, sessions, current::now, timeout, meters);
  }

  @Produces
  @Singleton
  Database.Question question(Tx tx) {
    return () -> tx.autocommit(client -> client.query("SELECT 1").execute()).replaceWithVoid();
  }

  /** Its calls do not wait for the schema. */
  @Produces
  @Singleton
  Schema schema(
      Vertx vertx,
      Pool pool,
      Mutiny.SessionFactory sessions,
      CallTimeout timeout,
      StoreMeters meters) {
    return new Schema(new Tx(vertx, pool, sessions, Future::succeededFuture, timeout, meters));
  }

  @Produces
  @Singleton
  Accounts accounts(Tx tx) {
    return new PgAccounts(tx);
  }

  @Produces
  @Singleton
  DeletedAccounts deletedAccounts(Tx tx) {
    return new PgDeletedAccounts(tx);
  }

  @Produces
  @Singleton
  AccountPurge purge(Tx tx) {
    return new AccountPurge(tx);
  }

  @Produces
  @Singleton
  UidValidities uidValidities(Tx tx) {
    return new PgUidValidities(tx);
  }

  @Produces
  @Singleton
  AppPasswords appPasswords(Tx tx) {
    return new PgAppPasswords(tx);
  }

  @Produces
  @Singleton
  Grants grants(Tx tx) {
    return new PgGrants(tx);
  }

  @Produces
  @Singleton
  @Typed(PgMailboxes.class)
  PgMailboxes storedMailboxes(Tx tx, Live live) {
    return new PgMailboxes(
        tx,
        () -> {
          var now = live.now().mailbox();
          return new Limits(now.maxMailboxes(), now.maxSubscriptions());
        });
  }

  @Produces
  @Singleton
  Mailboxes mailboxes(PgMailboxes stored, Hints hints) {
    return new PublishingMailboxes(stored, hints);
  }

  @Produces
  @Singleton
  @Typed(PgMessages.class)
  PgMessages storedMessages(Tx tx, InstantSource clock) {
    return new PgMessages(tx, clock);
  }

  /** A change is applied to the node's own index before it is published. */
  @Produces
  @Singleton
  Messages messages(PgMessages stored, MailboxIndexes indexes, Hints hints) {
    return new PublishingMessages(new IndexUpdatingMessages(stored, indexes), hints);
  }

  @Produces
  @Singleton
  Blobs blobs(Tx tx) {
    return new PgBlobs(tx);
  }

  @Produces
  @Singleton
  MaildropLocks locks(Tx tx) {
    return new PgMaildropLocks(tx);
  }

  @Produces
  @Singleton
  Recoverable recoverable(Tx tx, InstantSource clock, Hints hints) {
    return new PublishingRecoverable(new PgRecoverable(tx, clock), hints);
  }

  @Produces
  @Singleton
  Sweeper sweeper(Tx tx, Blobs blobs) {
    return new Sweeper(tx, blobs);
  }

  @Produces
  @Singleton
  MailboxIndexes indexes(PgMailboxes mailboxes, PgMessages messages) {
    return new MailboxIndexes(mailboxes, messages, Runtime.getRuntime().maxMemory() / HEAP_PART);
  }
}
