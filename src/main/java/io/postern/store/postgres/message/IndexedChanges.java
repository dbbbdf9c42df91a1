package io.postern.store.postgres.message;

import io.postern.model.Ids.MailboxKey;
import io.postern.store.Messages.Changed;
import io.postern.store.StoreException;
import io.postern.store.index.MailboxIndex;
import io.postern.store.postgres.message.IndexOperation.Result;
import io.postern.store.postgres.message.MailboxQueue.PendingChange;
import io.postern.store.postgres.tx.Statements;
import io.postern.store.postgres.tx.Tx;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the changes of one batch in one statement, computed from the node's index, if the mailbox
 * is still at the mod-sequence of that index. Otherwise another node was faster: the index is read
 * again, and after {@link #LOSSES} lost races the row is locked first, so that the wait is bounded.
 */
final class IndexedChanges {
  /** How many races are lost before the mailbox's row is locked first. */
  static final int LOSSES = 2;

  private final Tx tx;
  private final IndexSource indexes;
  private final MailboxKey mailbox;
  private final List<PendingChange> batch;

  IndexedChanges(Tx tx, IndexSource indexes, MailboxKey mailbox, List<PendingChange> batch) {
    this.tx = tx;
    this.indexes = indexes;
    this.mailbox = mailbox;
    this.batch = batch;
  }

  /** The outcome of one operation: its result, or why it was refused. */
  private sealed interface Outcome {
    record Done(Result result) implements Outcome {}

    record Refused(StoreException reason) implements Outcome {}
  }

  /** What the batch makes of an index. */
  private record Plan(MailboxIndex before, List<Outcome> outcomes, List<Result> effective) {
    /** Whether each operation changes something. */
    boolean allEffective() {
      return effective.size() == outcomes.size();
    }
  }

  /** Completes the answers. */
  Future<?> run() {
    return indexes.known(mailbox).compose(known -> attempt(known, 0));
  }

  private Future<Plan> attempt(IndexSource.Known known, int losses) {
    if (losses >= LOSSES) {
      return tx.writing(this::locked).map(this::answer);
    }
    var plan = plan(known.index());
    if (!known.current() && !plan.allEffective()) {
      // That nothing changes, or that it is refused, may be due to the index's age.
      return indexes.current(mailbox).compose(current -> attempt(current, losses));
    }
    if (plan.effective().isEmpty()) {
      return Future.succeededFuture(answer(plan));
    }
    var change = change(plan);
    return tx.statement(client -> client.preparedQuery(change.sql()).execute(change.arguments()))
        .compose(
            rows ->
                rows.size() > 0
                    ? Future.succeededFuture(answer(plan))
                    : indexes.current(mailbox).compose(current -> attempt(current, losses + 1)));
  }

  private Future<Plan> locked(Statements statements) {
    return indexes
        .locked(statements, mailbox)
        .map(this::plan)
        .compose(
            plan ->
                plan.effective().isEmpty()
                    ? Future.succeededFuture(plan)
                    : run(statements, change(plan)).map(plan));
  }

  private PageRows.Change change(Plan plan) {
    return PageRows.change(mailbox, plan.before(), plan.effective());
  }

  private static Future<?> run(Statements statements, PageRows.Change change) {
    return statements.run(change.sql(), change.arguments());
  }

  private Plan plan(MailboxIndex before) {
    var outcomes = new ArrayList<Outcome>(batch.size());
    var effective = new ArrayList<Result>(batch.size());
    var index = before;
    for (var pending : batch) {
      try {
        var result = pending.operation().on(index);
        index = result.after();
        outcomes.add(new Outcome.Done(result));
        if (!result.change().modSeq().equals(result.change().previous())) {
          effective.add(result);
        }
      } catch (StoreException refused) {
        outcomes.add(new Outcome.Refused(refused));
      }
    }
    return new Plan(before, List.copyOf(outcomes), List.copyOf(effective));
  }

  private Plan answer(Plan plan) {
    // The node's index first: the next batch begins with it.
    plan.effective().forEach(result -> indexes.apply(mailbox, result.change()));
    for (int i = 0; i < batch.size(); i++) {
      var answer = batch.get(i).answer();
      switch (plan.outcomes().get(i)) {
        case Outcome.Done(var result) -> answer.complete(result.change());
        case Outcome.Refused(var reason) -> answer.fail(reason);
      }
    }
    return plan;
  }

  /** The change of one operation on a mailbox whose row the transaction has locked and read. */
  static Future<Changed> within(
      Statements statements,
      IndexSource indexes,
      MailboxKey mailbox,
      MailboxStateRow row,
      IndexOperation operation) {
    return indexes
        .locked(statements, mailbox, row)
        .compose(index -> write(statements, mailbox, index, operation.on(index)));
  }

  /** Writes a result on a mailbox that the transaction has locked. */
  static Future<Changed> write(
      Statements statements, MailboxKey mailbox, MailboxIndex before, Result result) {
    return result.after() == before
        ? Future.succeededFuture(result.change())
        : run(statements, PageRows.change(mailbox, before, List.of(result))).map(result.change());
  }
}
