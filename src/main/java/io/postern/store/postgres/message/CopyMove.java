package io.postern.store.postgres.message;

import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.SystemFlag;
import io.postern.store.Destination;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.Copied;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.index.MailboxIndex;
import io.postern.store.postgres.message.PageRows.Tail;
import io.postern.store.postgres.tx.Statements;
import io.postern.store.postgres.tx.Tx;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * COPY and MOVE: new slots for the messages, their contents shared. Both mailboxes' rows are locked
 * in the order of their ids and held to the commit, the source's too, so that no content loses its
 * last message meanwhile. A few messages without keywords are one statement, if the source is still
 * at the mod-sequence that this node knows; others are one more, which reads the target's tail, and
 * the target must still be at its mod-sequence, too. After lost races, the rows are locked before
 * anything is computed.
 */
final class CopyMove implements MailboxQueue.Copy {
  /** How many messages are added blindly: their slots are put together in the database. */
  private static final int BLIND = 256;

  private final Tx tx;
  private final InstantSource clock;
  private final IndexSource indexes;
  private final QuotaCheck quota;
  private final MailboxKey from;
  private final NumberSet uids;
  private final Destination to;
  private final boolean move;

  CopyMove(
      Tx tx,
      InstantSource clock,
      IndexSource indexes,
      QuotaCheck quota,
      MailboxKey from,
      NumberSet uids,
      Destination to,
      boolean move) {
    this.tx = tx;
    this.clock = clock;
    this.indexes = indexes;
    this.quota = quota;
    this.from = from;
    this.uids = uids;
    this.to = to;
    this.move = move;
  }

  /** The target as far as it is known. */
  private record Target(Tail tail, Optional<MailboxIndex> index) {
    static Target of(MailboxId mailbox, MailboxIndex index) {
      return new Target(Tail.of(mailbox, index), Optional.of(index));
    }
  }

  /** What is written. */
  private record Plan(
      MailboxIndex source, Target target, NumberSet uids, Changed put, IndexOperation.Result gone) {
    boolean isEmpty() {
      return uids.isEmpty();
    }

    /** Of the messages. */
    long octets() {
      return Arrays.stream(put.changed().sizes()).asLongStream().sum();
    }
  }

  /** The node's indexes have the changes when this completes. */
  @Override
  public Future<Copied> run() {
    if (!from.account().equals(to.account())) {
      return Future.failedFuture(
          new StoreException(new StoreFailure.NotPermitted("the mailbox is another account's")));
    }
    return indexes.known(from).compose(source -> attempt(source, 0)).onSuccess(this::apply);
  }

  /** The target goes first: a move within one mailbox adds messages before it removes them. */
  private void apply(Copied copied) {
    indexes.learn(to, copied.mailbox());
    copied.target().ifPresent(change -> indexes.apply(copied.mailbox(), change));
    copied.source().ifPresent(change -> indexes.apply(from, change));
  }

  private Future<Copied> attempt(IndexSource.Known source, int losses) {
    var chosen = new Expunge(uids, false, false).on(source.index());
    if (chosen.removed().size() == 0 && !source.current()) {
      return indexes.current(from).compose(it -> attempt(it, losses));
    }
    return losses == 0 && isBlind(source.index(), chosen.removed())
        ? blind(source.index(), chosen)
            .compose(
                done ->
                    done.map(Future::succeededFuture)
                        .orElseGet(
                            () -> indexes.current(from).compose(it -> attempt(it, losses + 1))))
        : compared(source, losses);
  }

  private boolean isBlind(MailboxIndex source, MessageColumns messages) {
    long keywords = source.keywords().pack(Flags.of(List.of(), source.keywords().names()));
    return messages.size() > 0
        && messages.size() <= BLIND
        && Arrays.stream(messages.flags()).noneMatch(flags -> (flags & keywords) != 0);
  }

  /** Empty, with nothing written, when this is not possible. */
  private Future<Optional<Copied>> blind(MailboxIndex source, IndexOperation.Result chosen) {
    var copy = new BlindCopy(from, to, source, chosen, clock.instant().getEpochSecond());
    return tx.statement(
            client ->
                client
                    .preparedQuery(CopyStatements.blind(move, to))
                    .execute(copy.arguments(move, quota)))
        .map(
            rows ->
                rows.size() > 0
                    ? Optional.of(copy.copied(rows.iterator().next(), move))
                    : Optional.empty());
  }

  private Future<Copied> compared(IndexSource.Known source, int losses) {
    if (losses >= IndexedChanges.LOSSES) {
      return tx.writing(this::within);
    }
    return tx.statement(client -> PageRows.read(client, to))
        .compose(
            tail ->
                move && from.equals(key(tail))
                    ? tx.writing(this::within)
                    : compared(source, new Target(tail, Optional.empty()), losses));
  }

  private Future<Copied> compared(IndexSource.Known source, Target target, int losses) {
    return plan(source.index(), target)
        .compose(
            plan ->
                plan.isEmpty()
                    ? Future.succeededFuture(nothing(plan))
                    : tx.statement(
                            client ->
                                client
                                    .preparedQuery(CopyStatements.compared(move))
                                    .execute(arguments(plan)))
                        .compose(
                            rows ->
                                rows.size() > 0
                                    ? Future.succeededFuture(copied(plan))
                                    : indexes
                                        .current(from)
                                        .compose(it -> attempt(it, losses + 1))));
  }

  private MailboxKey key(Tail target) {
    return new MailboxKey(to.account(), target.mailbox());
  }

  private Future<Plan> plan(MailboxIndex source, Target target) {
    var chosen = new Expunge(uids, false, false).on(source);
    var messages = chosen.removed();
    var flags = Arrays.stream(messages.flags()).distinct().mapToObj(source.keywords()::unpack);
    var named = flags.toList();
    var keywords = target.tail().row().keywords();
    if (keywords.hasRoomFor(named)) {
      return Future.succeededFuture(
          plan(source, target, chosen, messages, keywords.with(named, 0)));
    }
    // Keywords for which there is no room are dropped: the messages are copied all the same.
    return target
        .index()
        .map(Future::succeededFuture)
        .orElseGet(() -> indexes.current(key(target.tail())).map(IndexSource.Known::index))
        .map(
            index ->
                plan(
                    source,
                    Target.of(target.tail().mailbox(), index),
                    chosen,
                    messages,
                    StoreFlags.with(index, named)));
  }

  private Plan plan(
      MailboxIndex source,
      Target target,
      IndexOperation.Result chosen,
      MessageColumns messages,
      Keywords keywords) {
    var before = target.tail().row();
    if (messages.size() == 0) {
      var none = before.changedTo(before, MessageColumns.EMPTY);
      return new Plan(source, target, NumberSet.EMPTY, none, chosen);
    }
    return new Plan(
        source,
        target,
        chosen.change().gone(),
        put(source, before.with(keywords), messages, before),
        chosen);
  }

  private Changed put(
      MailboxIndex source, MailboxStateRow target, MessageColumns old, MailboxStateRow before) {
    long uid = PageRows.firstUid(target, old.size());
    boolean same = target.keywords().equals(source.keywords());
    long now = clock.instant().getEpochSecond();
    int unseen = 0;
    long size = 0;
    var rows = new MessageColumns.Builder(old.size());
    for (int i = 0; i < old.size(); i++) {
      long flags = old.flags()[i];
      unseen += (flags & SystemFlag.SEEN.bit()) == 0 ? 1 : 0;
      size += old.sizes()[i];
      rows.add(
          uid + i,
          same ? flags : target.keywords().pack(source.keywords().unpack(flags)),
          target.modSeq() + 1,
          old.sizes()[i],
          old.internalDates()[i],
          now,
          old.contents()[i]);
    }
    return before.changedTo(target.plus(old.size(), unseen, size), rows.build());
  }

  private Tuple arguments(Plan plan) {
    var before = plan.target().tail().row().state();
    var state = plan.put().state();
    var added = PageRows.append(plan.target().tail(), plan.put().changed());
    var tuple =
        Tuple.of(
                from.account().value(),
                from.mailbox().value(),
                plan.target().tail().mailbox().value())
            .addLong(plan.source().uidValidity().value())
            .addLong(plan.source().modSeq().value())
            .addLong(before.uidValidity().value())
            .addLong(before.highestModSeq().value())
            .addLong(state.uidNext())
            .addLong(state.highestModSeq().value())
            .addInteger(state.exists())
            .addInteger(state.unseen())
            .addLong(state.size())
            .addArrayOfString(plan.put().keywords().names().toArray(String[]::new))
            .addBuffer(added.tailFlags())
            .addBuffer(added.tailFacts())
            .addArrayOfInteger(added.pages())
            .addArrayOfBuffer(added.flags())
            .addArrayOfBuffer(added.facts());
    return move
        ? CopyStatements.removal(tuple, plan.gone())
        : quota.add(tuple.addLong(plan.octets()).addLong((long) plan.put().changed().size()));
  }

  /** With both rows locked first. */
  private Future<Copied> within(Statements statements) {
    return resolved(statements)
        .compose(
            target -> {
              boolean sourceFirst = from.mailbox().value() <= target.mailbox().value();
              var first = MailboxStateRow.lock(statements, sourceFirst ? from : target);
              var second = MailboxStateRow.lock(statements, sourceFirst ? target : from);
              return Future.all(first, second).compose(_ -> within(statements, target));
            });
  }

  private Future<MailboxKey> resolved(Statements statements) {
    return switch (to) {
      case Destination.Keyed(var key) -> Future.succeededFuture(key);
      case Destination.Named(var account, var name, _) ->
          statements
              .run(MailboxStateRow.NAMED, account.value(), name.value())
              .compose(
                  rows ->
                      rows.size() > 0
                          ? Future.succeededFuture(
                              MailboxStateRow.key(account, rows.iterator().next(), 0))
                          : Future.failedFuture(
                              new StoreException(new StoreFailure.NoSuchMailbox(name))));
    };
  }

  private Future<Copied> within(Statements statements, MailboxKey target) {
    return indexes
        .locked(statements, from)
        .compose(
            source ->
                (from.equals(target)
                        ? Future.succeededFuture(source)
                        : indexes.locked(statements, target))
                    .compose(index -> plan(source, Target.of(target.mailbox(), index)))
                    .compose(plan -> write(statements, plan)));
  }

  private Future<Copied> write(Statements statements, Plan plan) {
    if (plan.isEmpty()) {
      return Future.succeededFuture(nothing(plan));
    }
    var target = key(plan.target().tail());
    if (!move) {
      return quota
          .require(statements, to.account(), plan.octets(), plan.put().changed().size())
          .compose(_ -> statements.run(CopyStatements.compared(false), arguments(plan)))
          .map(_ -> copied(plan));
    }
    if (!from.equals(target)) {
      return statements.run(CopyStatements.compared(true), arguments(plan)).map(_ -> copied(plan));
    }
    var after = plan.source().apply(plan.put());
    var gone = new Expunge(plan.uids(), false, false).on(after);
    return PageRows.put(statements, target, plan.target().tail(), plan.put())
        .compose(_ -> IndexedChanges.write(statements, from, after, gone))
        .map(_ -> copied(new Plan(plan.source(), plan.target(), plan.uids(), plan.put(), gone)));
  }

  private Copied copied(Plan plan) {
    var state = plan.put().state();
    return new Copied(
        key(plan.target().tail()),
        state.uidValidity(),
        plan.uids(),
        NumberSet.range(plan.target().tail().row().state().uidNext(), state.uidNext() - 1),
        Optional.of(plan.put()),
        move ? Optional.of(plan.gone().change()) : Optional.empty());
  }

  private Copied nothing(Plan plan) {
    return new Copied(
        key(plan.target().tail()),
        plan.put().state().uidValidity(),
        NumberSet.EMPTY,
        NumberSet.EMPTY,
        Optional.empty(),
        Optional.empty());
  }
}
