package io.postern.store;

import io.postern.store.postgres.PgAccounts;
import io.postern.store.postgres.PgBlobs;
import io.postern.store.postgres.PgMailboxes;
import io.postern.store.postgres.PgMessages;
import io.postern.store.postgres.Tx;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.InstantSource;
import org.hibernate.reactive.mutiny.Mutiny;

/** PostgreSQL keeps the contract. */
@QuarkusTest
class PgStoreTest extends StoreContract {
  private final Tx tx;
  private final Messages messages;

  @Inject
  PgStoreTest(Vertx vertx, Pool pool, Mutiny.SessionFactory sessions) {
    tx = new Tx(vertx, pool, sessions);
    messages = new PgMessages(tx, InstantSource.system());
  }

  @Override
  protected Accounts accounts() {
    return new PgAccounts(tx);
  }

  @Override
  protected Mailboxes mailboxes() {
    return new PgMailboxes(tx);
  }

  @Override
  protected Messages messages() {
    return messages;
  }

  @Override
  protected Blobs blobs() {
    return new PgBlobs(tx);
  }
}
