package io.postern.store.postgres.message;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.Keywords;
import io.postern.model.MessageColumns;
import io.postern.model.NumberSet;
import io.postern.model.SystemFlag;
import io.postern.model.Uid;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.Copied;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.postgres.message.Expunge.Removed;
import io.postern.store.postgres.tx.Tx.Statements;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/** COPY and MOVE: one new row per message, the content shared. */
final class CopyMove {
  private final Statements statements;
  private final InstantSource clock;
  private final MailboxKey from;
  private final MailboxKey to;

  /** Both locked mailboxes, and the existing messages to copy. */
  private record Start(MailboxStateRow source, MailboxStateRow target, MessageColumns messages) {
    NumberSet uids() {
      return NumberSet.of(Arrays.stream(messages.uids()).mapToLong(Integer::toUnsignedLong));
    }
  }

  CopyMove(Statements statements, InstantSource clock, MailboxKey from, MailboxKey to) {
    this.statements = statements;
    this.clock = clock;
    this.from = from;
    this.to = to;
  }

  /** Copies; the source is locked too, so that no content loses its last message meanwhile. */
  Future<Copied> copy(NumberSet uids) {
    return start(uids)
        .compose(
            start -> {
              if (start.messages.size() == 0) {
                return nothing(start);
              }
              return put(start)
                  .compose(
                      put ->
                          MessageRows.commit(statements, put.changed(), written(start, put))
                              .map(copied(start, put, Optional.empty())));
            });
  }

  /** Moves: copies and removes in one transaction. */
  Future<Copied> move(NumberSet uids) {
    return start(uids)
        .compose(
            start -> {
              if (start.messages.size() == 0) {
                return nothing(start);
              }
              return put(start)
                  .compose(
                      put ->
                          Future.all(
                                  written(start, put), Expunge.take(statements, from, start.uids()))
                              .compose(done -> leave(start, put, done.resultAt(1))));
            });
  }

  private Future<Copied> leave(Start start, Changed put, Removed removed) {
    var before = from.equals(to) ? start.target.after(put) : start.source;
    var after = before.minus(removed);
    return Future.all(
            Expunge.log(statements, after, removed), after.save(statements), statements.commit())
        .map(copied(start, put, Optional.of(Expunge.changed(before, after, removed))));
  }

  private Future<Start> start(NumberSet uids) {
    if (!from.account().equals(to.account())) {
      throw new StoreException(new StoreFailure.NotPermitted("the mailbox is another account's"));
    }
    // Locked in the order of their ids, as everywhere, so that no two transactions deadlock.
    boolean sourceFirst = from.mailbox().value() <= to.mailbox().value();
    var first = MailboxStateRow.lock(statements, sourceFirst ? from : to);
    var second = MailboxStateRow.lock(statements, sourceFirst ? to : from);
    var messages = MessageRows.some(statements, from, uids);
    var source = sourceFirst ? first : second;
    var target = sourceFirst ? second : first;
    return Future.all(source, target, messages)
        .map(all -> new Start(all.resultAt(0), all.resultAt(1), all.resultAt(2)));
  }

  private Future<Copied> nothing(Start start) {
    var copied =
        new Copied(
            start.target.state().uidValidity(),
            NumberSet.EMPTY,
            NumberSet.EMPTY,
            Optional.empty(),
            Optional.empty());
    return statements.commit().map(copied);
  }

  private Future<Changed> put(Start start) {
    return knowing(start.target, start.source.keywords(), start.messages.flags())
        .map(target -> put(start, target));
  }

  private Changed put(Start start, MailboxStateRow target) {
    var source = start.source.keywords();
    long uid = target.state().uidNext();
    if (uid + start.messages.size() - 1 > Uid.MAX) {
      throw new StoreException(new StoreFailure.LimitReached("UIDs", Uid.MAX));
    }
    boolean same = target.keywords().equals(source);
    long now = clock.instant().getEpochSecond();
    int unseen = 0;
    long size = 0;
    var rows = new MessageColumns.Builder(start.messages.size());
    for (int i = 0; i < start.messages.size(); i++) {
      var old = start.messages;
      long flags = old.flags()[i];
      unseen += (flags & SystemFlag.SEEN.bit()) == 0 ? 1 : 0;
      size += old.sizes()[i];
      rows.add(
          uid + i,
          same ? flags : target.keywords().pack(source.unpack(flags)),
          target.modSeq() + 1,
          old.sizes()[i],
          old.internalDates()[i],
          now,
          old.contents()[i]);
    }
    var columns = rows.build();
    return Append.changed(start.target, target.plus(columns.size(), unseen, size), columns);
  }

  /**
   * The target with the messages' keywords, in their order. Keywords for which there is no room are
   * dropped: the messages are copied all the same.
   */
  private Future<MailboxStateRow> knowing(MailboxStateRow target, Keywords source, long[] flags) {
    long all = Arrays.stream(flags).reduce(0, (a, b) -> a | b);
    return target.keywords().containsAll(source.unpack(all))
        ? Future.succeededFuture(target)
        : target.knowing(
            statements, Arrays.stream(flags).distinct().mapToObj(source::unpack).toList());
  }

  private Future<?> written(Start start, Changed put) {
    return Future.all(
        MessageRows.insert(statements, to, put.changed()),
        start.target.after(put).save(statements));
  }

  private static Copied copied(Start start, Changed put, Optional<Changed> source) {
    var state = put.state();
    return new Copied(
        state.uidValidity(),
        start.uids(),
        NumberSet.range(start.target.state().uidNext(), state.uidNext() - 1),
        Optional.of(put),
        source);
  }
}
