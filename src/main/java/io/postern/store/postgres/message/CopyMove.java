package io.postern.store.postgres.message;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.Copied;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.index.MailboxIndex;
import io.postern.store.postgres.message.PageRows.Tail;
import io.postern.store.postgres.page.PageWriter;
import io.postern.store.postgres.tx.Statements;
import io.postern.store.postgres.tx.Tx;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * COPY and MOVE: new slots for the messages, their contents shared. Both mailboxes' rows are locked
 * in the order of their ids and held to the commit, the source's too, so that no content loses its
 * last message meanwhile. One statement if both are still at the mod-sequences that this node
 * knows; after lost races, the rows are locked before anything is computed.
 */
final class CopyMove {
  private static final String TAIL =
      "SELECT " + PageRows.TAIL + " FROM mailbox_state WHERE account = $1 AND mailbox = $2";

  /**
   * Arguments: account, source, target, UIDVALIDITY and mod-sequence of the source and of the
   * target; the target's counters, keywords and tail after it; blocks of its pages.
   */
  private static final String BOTH =
      "WITH l AS MATERIALIZED (SELECT mailbox, uid_validity, mod_seq FROM mailbox_state"
          + " WHERE account = $1 AND mailbox IN ($2, $3) ORDER BY mailbox FOR UPDATE),"
          + " ok AS (SELECT count(*) FROM l HAVING"
          + " count(*) FILTER (WHERE mailbox = $2 AND uid_validity = $4 AND mod_seq = $5) = 1"
          + " AND count(*) FILTER (WHERE mailbox = $3 AND uid_validity = $6 AND mod_seq = $7) = 1),"
          + " t AS (UPDATE mailbox_state SET uid_next = $8, mod_seq = $9, messages = $10,"
          + " unseen = $11, size = $12, keywords = $13, tail_flags = $14, tail_facts = $15"
          + " FROM ok WHERE account = $1 AND mailbox = $3 RETURNING mod_seq), a AS ("
          + PageRows.appended("t", "$3", "$9", 16)
          + ")";

  private static final String COPY = BOTH + " SELECT mod_seq FROM t";

  /** Then the source's counters and tail after it, its pages, and the log of removals. */
  private static final String MOVE =
      BOTH
          + ", s AS (UPDATE mailbox_state SET mod_seq = $19, messages = $20, unseen = $21,"
          + " size = $22, tail_flags = $23 FROM ok WHERE account = $1 AND mailbox = $2"
          + " RETURNING mod_seq), p AS ("
          + PageRows.replaced("s", "$2", "$19", 24)
          + "), e AS ("
          + PageRows.logged("s", "$2", 26)
          + ") SELECT "
          + PageRows.allReplaced(24)
          + " FROM t";

  private final Tx tx;
  private final InstantSource clock;
  private final IndexSource indexes;
  private final MailboxKey from;
  private final NumberSet uids;
  private final MailboxKey to;
  private final boolean move;

  CopyMove(
      Tx tx,
      InstantSource clock,
      IndexSource indexes,
      MailboxKey from,
      NumberSet uids,
      MailboxKey to,
      boolean move) {
    this.tx = tx;
    this.clock = clock;
    this.indexes = indexes;
    this.from = from;
    this.uids = uids;
    this.to = to;
    this.move = move;
  }

  /** The target as far as it is known. */
  private record Target(Tail tail, Optional<MailboxIndex> index) {
    static Target of(MailboxIndex index) {
      return new Target(Tail.of(index), Optional.of(index));
    }
  }

  /** What is written. */
  private record Plan(
      MailboxIndex source, Target target, NumberSet uids, Changed put, IndexOperation.Result gone) {
    boolean isEmpty() {
      return uids.isEmpty();
    }
  }

  /** Copies or moves; the node's indexes have the changes when this completes. */
  Future<Copied> run() {
    if (!from.account().equals(to.account())) {
      return Future.failedFuture(
          new StoreException(new StoreFailure.NotPermitted("the mailbox is another account's")));
    }
    return (move && from.equals(to)
            ? tx.writing(this::within)
            : indexes.known(from).compose(source -> attempt(source, 0)))
        .onSuccess(this::apply);
  }

  /** The target goes first: a move within one mailbox adds messages before it removes them. */
  private void apply(Copied copied) {
    copied.target().ifPresent(change -> indexes.apply(to, change));
    copied.source().ifPresent(change -> indexes.apply(from, change));
  }

  private Future<Copied> attempt(IndexSource.Known source, int losses) {
    if (losses >= IndexedChanges.LOSSES) {
      return tx.writing(this::within);
    }
    return target(source.index())
        .compose(target -> plan(source.index(), target))
        .compose(
            plan -> {
              if (!plan.isEmpty()) {
                return tx.statement(client -> client.preparedQuery(sql()).execute(arguments(plan)))
                    .compose(
                        rows ->
                            rows.size() > 0
                                ? Future.succeededFuture(copied(plan))
                                : refreshed().compose(it -> attempt(it, losses + 1)));
              }
              return source.current()
                  ? Future.succeededFuture(nothing(plan))
                  : indexes.current(from).compose(it -> attempt(it, losses));
            });
  }

  private String sql() {
    return move ? MOVE : COPY;
  }

  private Future<IndexSource.Known> refreshed() {
    return (indexes.cached(to).isPresent() ? indexes.current(to) : Future.succeededFuture())
        .compose(_ -> indexes.current(from));
  }

  private Future<Target> target(MailboxIndex source) {
    if (from.equals(to)) {
      return Future.succeededFuture(Target.of(source));
    }
    return indexes
        .cached(to)
        .map(index -> Future.succeededFuture(Target.of(index)))
        .orElseGet(
            () ->
                MailboxStateRow.present(
                        tx.statement(
                            client ->
                                client
                                    .preparedQuery(TAIL)
                                    .execute(Tuple.of(to.account().value(), to.mailbox().value()))))
                    .map(row -> new Target(Tail.of(row), Optional.empty())));
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
        .orElseGet(() -> indexes.current(to).map(IndexSource.Known::index))
        .map(
            index ->
                plan(source, Target.of(index), chosen, messages, StoreFlags.with(index, named)));
  }

  private Plan plan(
      MailboxIndex source,
      Target target,
      IndexOperation.Result chosen,
      MessageColumns messages,
      Keywords keywords) {
    var before = target.tail().row();
    if (messages.size() == 0) {
      var none = Append.changed(before, before, MessageColumns.EMPTY);
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
    return Append.changed(before, target.plus(old.size(), unseen, size), rows.build());
  }

  private Tuple arguments(Plan plan) {
    var before = plan.target().tail().row().state();
    var state = plan.put().state();
    var added = PageRows.append(plan.target().tail(), plan.put().changed());
    var tuple =
        Tuple.of(from.account().value(), from.mailbox().value(), to.mailbox().value())
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
    return move ? removal(tuple, plan.gone()) : tuple;
  }

  private static Tuple removal(Tuple tuple, IndexOperation.Result gone) {
    var state = gone.after().state();
    tuple
        .addLong(state.highestModSeq().value())
        .addInteger(state.exists())
        .addInteger(state.unseen())
        .addLong(state.size())
        .addBuffer(PageWriter.tail(gone.after()));
    PageRows.replaced(tuple, gone.after(), Stream.of(gone));
    PageRows.logged(tuple, Stream.of(gone));
    return tuple;
  }

  /** With both rows locked first. */
  private Future<Copied> within(Statements statements) {
    boolean sourceFirst = from.mailbox().value() <= to.mailbox().value();
    var first = MailboxStateRow.lock(statements, sourceFirst ? from : to);
    var second = MailboxStateRow.lock(statements, sourceFirst ? to : from);
    return Future.all(first, second)
        .compose(_ -> indexes.locked(statements, from))
        .compose(
            source ->
                (from.equals(to) ? Future.succeededFuture(source) : indexes.locked(statements, to))
                    .compose(target -> plan(source, Target.of(target)))
                    .compose(plan -> write(statements, plan)));
  }

  private Future<Copied> write(Statements statements, Plan plan) {
    if (plan.isEmpty()) {
      return Future.succeededFuture(nothing(plan));
    }
    if (!move || !from.equals(to)) {
      return statements.run(sql(), arguments(plan)).map(_ -> copied(plan));
    }
    var after = plan.source().apply(plan.put());
    var gone = new Expunge(plan.uids(), false, false).on(after);
    return PageRows.put(statements, to, plan.target().tail(), plan.put())
        .compose(_ -> IndexedChanges.write(statements, from, after, gone))
        .map(_ -> copied(new Plan(plan.source(), plan.target(), plan.uids(), plan.put(), gone)));
  }

  private Copied copied(Plan plan) {
    var state = plan.put().state();
    return new Copied(
        state.uidValidity(),
        plan.uids(),
        NumberSet.range(plan.target().tail().row().state().uidNext(), state.uidNext() - 1),
        Optional.of(plan.put()),
        move ? Optional.of(plan.gone().change()) : Optional.empty());
  }

  private static Copied nothing(Plan plan) {
    return new Copied(
        plan.put().state().uidValidity(),
        NumberSet.EMPTY,
        NumberSet.EMPTY,
        Optional.empty(),
        Optional.empty());
  }
}
