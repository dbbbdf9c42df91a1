package io.postern.store.postgres.message;

import static io.postern.store.postgres.message.AppendStatement.size;
import static io.postern.store.postgres.message.AppendStatement.unseen;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.store.Destination;
import io.postern.store.Messages.Appended;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.NewMessage;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.postgres.content.ContentRows;
import io.postern.store.postgres.message.AppendStatement.Expected;
import io.postern.store.postgres.message.MailboxQueue.PendingAppend;
import io.postern.store.postgres.message.PageRows.Tail;
import io.postern.store.postgres.tx.Statements;
import io.postern.store.postgres.tx.Tx;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the messages of several appends to one mailbox, all or none. */
final class Append {
  private final Tx tx;
  private final IndexSource indexes;
  private final QuotaCheck quota;
  private final long now;
  private final List<PendingAppend> batch;
  private final List<List<NewMessage>> appends;
  private final Destination to;

  /**
   * @param batch appends to one mailbox
   */
  Append(
      Tx tx,
      IndexSource indexes,
      QuotaCheck quota,
      InstantSource clock,
      List<PendingAppend> batch) {
    this.tx = tx;
    this.indexes = indexes;
    this.quota = quota;
    this.now = clock.instant().getEpochSecond();
    this.batch = batch;
    this.appends = batch.stream().map(PendingAppend::messages).toList();
    this.to = batch.getFirst().to();
  }

  /** The result of each append, in their order. */
  Future<List<Appended>> run() {
    var keywords = expected();
    if (keywords.isEmpty() || appends.stream().anyMatch(List::isEmpty)) {
      return bySteps();
    }
    return atOnce(keywords.get())
        .compose(done -> done.map(Future::succeededFuture).orElseGet(this::bySteps));
  }

  /**
   * The keywords by which flags are packed: those that this node knows the mailbox to have, if they
   * are needed and enough. Empty if the mailbox lacks some.
   */
  private Optional<Expected> expected() {
    var flags = flags();
    if (flags.stream().allMatch(each -> each.keywords().isEmpty())) {
      return Optional.of(new Expected(Keywords.NONE, false));
    }
    return indexes
        .cached(to)
        .map(index -> new Expected(index.keywords(), true))
        .filter(known -> flags.stream().allMatch(known.keywords()::containsAll));
  }

  /** Empty, with nothing written, when this is not possible: {@link #bySteps} finds the reason. */
  private Future<Optional<List<Appended>>> atOnce(Expected keywords) {
    var one = AppendStatement.ofOne(batch, keywords, quota, now);
    var first =
        one.isPresent()
            ? tx.statement(client -> run(client, one.get()))
                .map(rows -> Optional.of(rows).filter(found -> found.size() > 0))
            : Future.succeededFuture(Optional.<RowSet<Row>>empty());
    return first
        .compose(
            done ->
                done.isPresent()
                    ? Future.succeededFuture(done.get())
                    : tx.statement(
                        client ->
                            run(client, AppendStatement.ofSeveral(batch, keywords, quota, now))))
        .map(rows -> Optional.of(rows).filter(r -> r.size() > 0).map(this::changes));
  }

  private static Future<RowSet<Row>> run(SqlClient client, AppendStatement statement) {
    return client.preparedQuery(statement.sql()).execute(statement.arguments());
  }

  private List<Appended> changes(RowSet<Row> rows) {
    var all = appends.stream().flatMap(List::stream).toList();
    var first = rows.iterator().next();
    var after = MailboxStateRow.of(first);
    var contents = new long[rows.size()];
    int at = 0;
    for (var row : rows) {
      contents[at++] = row.getLong(MailboxStateRow.WIDTH);
    }
    var before = after.before(all.size(), appends.size(), unseen(all), size(all));
    return appended(MailboxStateRow.key(to.account(), first, 0), steps(before, contents));
  }

  private List<Appended> appended(MailboxKey mailbox, List<Changed> changes) {
    indexes.learn(to, mailbox);
    return changes.stream().map(change -> new Appended(mailbox, change)).toList();
  }

  /** Writes the bytes first; the row lock comes last, held for one round trip to the commit. */
  private Future<List<Appended>> bySteps() {
    return tx.writing(
        statements -> {
          var staged = appends.stream().flatMap(List::stream).map(NewMessage::staged).toList();
          var contents = ContentRows.insert(statements, to.account(), staged);
          var locked = PageRows.lock(statements, to);
          var all = appends.stream().flatMap(List::stream).toList();
          var allowed = quota.require(statements, to.account(), size(all), all.size());
          return Future.all(contents, locked, allowed)
              .compose(_ -> bySteps(statements, locked.result(), contents.result()));
        });
  }

  private Future<List<Appended>> bySteps(Statements statements, Tail tail, long[] contents) {
    var mailbox = new MailboxKey(to.account(), tail.mailbox());
    return knowing(statements, mailbox, tail.row())
        .compose(row -> write(statements, mailbox, tail, row, contents))
        .map(changes -> appended(mailbox, changes));
  }

  /** The counters with all keywords of the messages; fails with LimitReached. */
  private Future<MailboxStateRow> knowing(
      Statements statements, MailboxKey mailbox, MailboxStateRow row) {
    var flags = flags();
    if (row.keywords().hasRoomFor(flags)) {
      return Future.succeededFuture(row.with(row.keywords().with(flags, 0)));
    }
    return indexes
        .locked(statements, mailbox)
        .map(index -> row.with(StoreFlags.with(index, flags)))
        .compose(
            known ->
                flags.stream().allMatch(known.keywords()::containsAll)
                    ? Future.succeededFuture(known)
                    : Future.failedFuture(
                        new StoreException(
                            new StoreFailure.LimitReached("keywords", Keywords.MAX))));
  }

  private List<Flags> flags() {
    return appends.stream().flatMap(List::stream).map(NewMessage::flags).toList();
  }

  private Future<List<Changed>> write(
      Statements statements, MailboxKey mailbox, Tail tail, MailboxStateRow row, long[] contents) {
    var answers = steps(row, contents);
    var last = answers.getLast();
    var all =
        new Changed(
            last.state(),
            answers.getFirst().previous(),
            last.modSeq(),
            joined(answers),
            NumberSet.EMPTY,
            last.keywords());
    return Future.all(PageRows.put(statements, mailbox, tail, all), statements.commit())
        .map(answers);
  }

  /** The results of the appends, one after the other; their keywords are known. */
  private List<Changed> steps(MailboxStateRow before, long[] contents) {
    var answers = new ArrayList<Changed>(appends.size());
    var counters = before;
    int used = 0;
    for (var messages : appends) {
      var columns = columns(counters, messages, contents, used);
      var after =
          messages.isEmpty()
              ? counters
              : counters.plus(columns.size(), unseen(messages), size(messages));
      answers.add(counters.changedTo(after, columns));
      counters = after;
      used += messages.size();
    }
    return List.copyOf(answers);
  }

  private MessageColumns columns(
      MailboxStateRow counters, List<NewMessage> messages, long[] contents, int used) {
    long uid = PageRows.firstUid(counters, messages.size());
    var columns = new MessageColumns.Builder(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      var message = messages.get(i);
      columns.add(
          uid + i,
          counters.keywords().pack(message.flags()),
          counters.modSeq() + 1,
          message.staged().facts().size(),
          message.internalDate().packed(),
          now,
          contents[used + i]);
    }
    return columns.build();
  }

  private static MessageColumns joined(List<Changed> answers) {
    if (answers.size() == 1) {
      return answers.getFirst().changed();
    }
    var all = new MessageColumns.Builder(answers.size());
    for (var answer : answers) {
      for (int i = 0; i < answer.changed().size(); i++) {
        all.add(answer.changed().info(i));
      }
    }
    return all.build();
  }
}
