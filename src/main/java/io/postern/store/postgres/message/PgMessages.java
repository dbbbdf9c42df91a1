package io.postern.store.postgres.message;

import io.postern.model.FlagsUpdate;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.store.MaildropLock;
import io.postern.store.Messages;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The messages, in PostgreSQL. */
public final class PgMessages implements Messages {
  /** How many contents one call may request. */
  private static final int MOST_CONTENTS = 1_000;

  private final Tx tx;
  private final InstantSource clock;
  private final AppendQueue appends;

  public PgMessages(Tx tx, InstantSource clock) {
    this.tx = tx;
    this.clock = clock;
    appends = new AppendQueue(this::write);
  }

  @Override
  public Uni<Changed> append(MailboxKey mailbox, List<NewMessage> messages) {
    return tx.call(token -> appends.append(mailbox, List.copyOf(messages), token));
  }

  private Future<List<Changed>> write(MailboxKey mailbox, List<List<NewMessage>> batch) {
    return new Append(tx, clock, batch).to(mailbox);
  }

  @Override
  public Uni<Loaded> load(MailboxKey mailbox) {
    return tx.readSnapshot(statements -> IndexQueries.load(statements, mailbox));
  }

  @Override
  public Uni<Since> changesSince(MailboxKey mailbox, ModSeq since) {
    return tx.readSnapshot(statements -> IndexQueries.since(statements, mailbox, since));
  }

  @Override
  public Uni<Changed> storeFlags(MailboxKey mailbox, NumberSet uids, FlagsUpdate update) {
    return new StoreFlags(tx, mailbox, uids, update).run();
  }

  @Override
  public Uni<Copied> copy(MailboxKey from, NumberSet uids, MailboxKey to) {
    return tx.writeOrdered(statements -> new CopyMove(statements, clock, from, to).copy(uids));
  }

  @Override
  public Uni<Copied> move(MailboxKey from, NumberSet uids, MailboxKey to) {
    return tx.writeOrdered(statements -> new CopyMove(statements, clock, from, to).move(uids));
  }

  @Override
  public Uni<Changed> expunge(MailboxKey mailbox, Optional<NumberSet> uids) {
    return tx.writeOrdered(statements -> Expunge.expunge(statements, mailbox, uids));
  }

  @Override
  public Uni<Optional<Changed>> update(MaildropLock lock, NumberSet uids) {
    return tx.writeOrdered(statements -> Expunge.update(statements, lock, uids));
  }

  @Override
  public Uni<Map<ContentId, Long>> crlfSizes(AccountId account) {
    return tx.call(token -> CrlfSizes.read(tx, account, token));
  }

  @Override
  public Uni<Contents> contents(
      AccountId account, Collection<ContentId> ids, Columns wanted, long octets) {
    requireFew(ids);
    var query = ContentQuery.of(account, ids, wanted, octets);
    return tx.autocommit(
        client ->
            client
                .preparedQuery(query.sql())
                .execute(query.arguments())
                .map(rows -> ContentRows.read(rows, wanted)));
  }

  @Override
  public Uni<Map<ContentId, StoredHeader>> headers(
      AccountId account, Collection<ContentId> ids, boolean text) {
    requireFew(ids);
    return tx.autocommit(
        client ->
            client
                .preparedQuery(HeaderRows.reading(text))
                .execute(HeaderRows.which(account, ids))
                .map(HeaderRows::read));
  }

  private static void requireFew(Collection<ContentId> ids) {
    if (ids.size() > MOST_CONTENTS) {
      throw new IllegalArgumentException("at most 1,000 contents at a time, were " + ids.size());
    }
  }
}
