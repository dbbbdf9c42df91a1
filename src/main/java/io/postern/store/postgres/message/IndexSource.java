package io.postern.store.postgres.message;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.store.Destination;
import io.postern.store.Messages.Changed;
import io.postern.store.index.MailboxIndex;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.postgres.tx.Statements;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import java.util.Optional;

/** The node's indexes, for writes that are computed from them. */
final class IndexSource {
  private final MailboxIndexes indexes;

  IndexSource(MailboxIndexes indexes) {
    this.indexes = indexes;
  }

  /** An index, and whether it has all that was committed before it was asked for. */
  record Known(MailboxIndex index, boolean current) {}

  /** The mailbox that had this name when this node last learned of it. */
  Optional<MailboxKey> lastNamed(AccountId account, MailboxName name) {
    return indexes.lastNamed(account, name);
  }

  /** Remembers which mailbox a name belonged to. */
  void learn(Destination to, MailboxKey mailbox) {
    if (to instanceof Destination.Named(_, var name, _)) {
      indexes.learn(name, mailbox);
    }
  }

  /** The cached index of what is probably the mailbox, however old. */
  Optional<MailboxIndex> cached(Destination to) {
    return switch (to) {
      case Destination.Keyed(var key) -> cached(key);
      case Destination.Named(var account, var name, _) ->
          lastNamed(account, name).flatMap(this::cached);
    };
  }

  /** The cached index, however old. */
  Optional<MailboxIndex> cached(MailboxKey mailbox) {
    return indexes.peek(mailbox);
  }

  /** The cached index, however old, or the current one if none is cached. */
  Future<Known> known(MailboxKey mailbox) {
    return cached(mailbox)
        .map(index -> Future.succeededFuture(new Known(index, false)))
        .orElseGet(() -> current(mailbox));
  }

  /** The index with all that was committed before this call; fails with MailboxGone. */
  Future<Known> current(MailboxKey mailbox) {
    return future(indexes.current(mailbox)).map(index -> new Known(index, true));
  }

  /** Locks a mailbox's row and reads its index; no other transaction changes it until this ends. */
  Future<MailboxIndex> locked(Statements statements, MailboxKey mailbox) {
    return MailboxStateRow.lock(statements, mailbox)
        .compose(row -> locked(statements, mailbox, row));
  }

  /** The index of a mailbox whose row the transaction has locked and read. */
  Future<MailboxIndex> locked(Statements statements, MailboxKey mailbox, MailboxStateRow row) {
    return locked(statements::run, mailbox, row, cached(mailbox));
  }

  private static Future<MailboxIndex> locked(
      PgIndexReader.Executor executor,
      MailboxKey mailbox,
      MailboxStateRow row,
      Optional<MailboxIndex> cached) {
    var usable =
        cached.filter(
            index ->
                index.uidValidity().equals(row.state().uidValidity())
                    && !index.modSeq().isAfter(row.state().highestModSeq()));
    if (usable.isEmpty()) {
      return PgIndexReader.load(executor, mailbox).map(MailboxIndex::of);
    }
    var index = usable.get();
    return index.modSeq().equals(row.state().highestModSeq())
        ? Future.succeededFuture(index)
        : PgIndexReader.since(executor, mailbox, index.modSeq(), index.uidNext()).map(index::apply);
  }

  /** Applies a change that was committed to the cached index. */
  void apply(MailboxKey mailbox, Changed change) {
    indexes.apply(mailbox, change);
  }

  private static <T> Future<T> future(Uni<T> uni) {
    return Future.fromCompletionStage(uni.subscribeAsCompletionStage());
  }
}
