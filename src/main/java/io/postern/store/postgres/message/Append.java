package io.postern.store.postgres.message;

import io.postern.model.Flags;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MessageColumns;
import io.postern.model.NumberSet;
import io.postern.model.SystemFlag;
import io.postern.model.Uid;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.NewMessage;
import io.postern.store.Staged.Bytes.Inline;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.postgres.tx.Tx;
import io.postern.store.postgres.tx.Tx.Statements;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the messages of several appends to one mailbox, all or none. */
public final class Append {
  /**
   * The whole append in one statement, which is a transaction by itself, if no keyword has to be
   * looked up. Writes nothing unless the mailbox exists and has so many UIDs left. Arguments behind
   * those of {@link ContentRows#PARTS}: mailbox, count, steps of the mod-sequence, unseen, octets;
   * then of each message its flags, step, size, date, zone; last, when it was saved.
   */
  private static final String AT_ONCE =
      "WITH s AS (UPDATE mailbox_state SET uid_next = uid_next + $17, mod_seq = mod_seq + $18,"
          + " messages = messages + $17, unseen = unseen + $19, size = size + $20"
          + " WHERE account = $1 AND mailbox = $16 AND uid_next + $17 - 1 <= "
          + Uid.MAX
          + " RETURNING "
          + MailboxStateRow.COLUMNS
          + "), "
          + ContentRows.PARTS
          + ", i AS (SELECT id, row_number() OVER (ORDER BY id) AS at FROM c),"
          + " m AS (INSERT INTO message (account, mailbox, "
          + MessageRows.COLUMNS
          + ") SELECT $1, $16, s.uid_next - $17 - 1 + i.at, x.flags, s.mod_seq - $18 + x.step,"
          + " x.size, x.date, x.zone, $26, i.id FROM s, i JOIN unnest($21::bigint[], $22::int[],"
          + " $23::int[], $24::bigint[], $25::int[]) WITH ORDINALITY"
          + " AS x(flags, step, size, date, zone, at) ON x.at = i.at)"
          + " SELECT s.*, i.id FROM s, i ORDER BY i.id";

  /**
   * The same for one message whose bytes are in memory: without arrays, whose elements PostgreSQL
   * would number, join and sort. Arguments: account, mailbox, unseen, octets; those of {@link
   * ContentRows#ONE}; flags, date, zone, and when it was saved.
   */
  private static final String ONE =
      "WITH s AS (UPDATE mailbox_state SET uid_next = uid_next + 1, mod_seq = mod_seq + 1,"
          + " messages = messages + 1, unseen = unseen + $3::int, size = size + $4::int"
          + " WHERE account = $1 AND mailbox = $2 AND uid_next <= "
          + Uid.MAX
          + " RETURNING "
          + MailboxStateRow.COLUMNS
          + "), "
          + ContentRows.ONE
          + ", m AS (INSERT INTO message (account, mailbox, "
          + MessageRows.COLUMNS
          + ") SELECT $1, $2, s.uid_next - 1, $16::bigint, s.mod_seq, $4::int, $17::bigint,"
          + " $18::int, $19::bigint, c.id FROM s, c) SELECT s.*, c.id FROM s, c";

  private final Tx tx;
  private final long now;
  private final List<List<NewMessage>> appends;

  Append(Tx tx, InstantSource clock, List<List<NewMessage>> appends) {
    this.tx = tx;
    this.now = clock.instant().getEpochSecond();
    this.appends = appends;
  }

  /** The result of each append, in their order. */
  Future<List<Changed>> to(MailboxKey mailbox) {
    boolean plain =
        appends.stream()
            .allMatch(
                messages ->
                    !messages.isEmpty()
                        && messages.stream().allMatch(m -> m.flags().keywords().isEmpty()));
    return plain
        ? tx.statement(client -> atOnce(client, mailbox))
            .compose(done -> done.map(Future::succeededFuture).orElseGet(() -> bySteps(mailbox)))
        : bySteps(mailbox);
  }

  /** Empty, with nothing written, when this is not possible: {@link #bySteps} finds the reason. */
  private Future<Optional<List<Changed>>> atOnce(SqlClient client, MailboxKey mailbox) {
    var one = ofOne(mailbox);
    var executed =
        one.isPresent()
            ? client.preparedQuery(ONE).execute(one.get())
            : client.preparedQuery(AT_ONCE).execute(arguments(mailbox));
    return executed.map(
        rows -> Optional.of(rows).filter(r -> r.size() > 0).map(r -> changes(mailbox, r)));
  }

  /** The arguments of {@link #ONE}, if there is one message and its bytes are in memory. */
  private Optional<Tuple> ofOne(MailboxKey mailbox) {
    if (appends.size() != 1 || appends.getFirst().size() != 1) {
      return Optional.empty();
    }
    var message = appends.getFirst().getFirst();
    if (!(message.staged().bytes() instanceof Inline(var bytes)) || bytes.length() == 0) {
      return Optional.empty();
    }
    var facts = message.staged().facts();
    int unseen = unseen(List.of(message));
    var tuple =
        Tuple.of(mailbox.account().value(), mailbox.mailbox().value(), unseen, facts.size());
    return Optional.of(
        ContentRows.one(tuple, bytes, facts)
            .addLong(message.flags().systemBits())
            .addLong(message.internalDate().epochSecond())
            .addInteger(message.internalDate().offsetMinutes())
            .addLong(now));
  }

  private Tuple arguments(MailboxKey mailbox) {
    var all = appends.stream().flatMap(List::stream).toList();
    int n = all.size();
    var flags = new Long[n];
    var steps = new Integer[n];
    var sizes = new Integer[n];
    var dates = new Long[n];
    var zones = new Integer[n];
    int at = 0;
    int step = 0;
    for (var messages : appends) {
      step++;
      for (var message : messages) {
        flags[at] = message.flags().systemBits();
        steps[at] = step;
        sizes[at] = message.staged().facts().size();
        dates[at] = message.internalDate().epochSecond();
        zones[at] = message.internalDate().offsetMinutes();
        at++;
      }
    }
    return ContentRows.parts(mailbox.account(), all.stream().map(NewMessage::staged).toList())
        .addLong(mailbox.mailbox().value())
        .addInteger(n)
        .addInteger(step)
        .addInteger(unseen(all))
        .addLong(size(all))
        .addArrayOfLong(flags)
        .addArrayOfInteger(steps)
        .addArrayOfInteger(sizes)
        .addArrayOfLong(dates)
        .addArrayOfInteger(zones)
        .addLong(now);
  }

  private List<Changed> changes(MailboxKey mailbox, RowSet<Row> rows) {
    var all = appends.stream().flatMap(List::stream).toList();
    var after = MailboxStateRow.of(mailbox, rows.iterator().next());
    var contents = new long[rows.size()];
    int at = 0;
    for (var row : rows) {
      contents[at++] = row.getLong(MailboxStateRow.WIDTH);
    }
    var before = after.before(all.size(), appends.size(), unseen(all), size(all));
    return steps(before, contents);
  }

  /** Writes the bytes first; the row lock comes last, held for one round trip to the commit. */
  private Future<List<Changed>> bySteps(MailboxKey mailbox) {
    return tx.writing(
        statements -> {
          var staged = appends.stream().flatMap(List::stream).map(NewMessage::staged).toList();
          var contents = ContentRows.insert(statements, mailbox.account(), staged);
          var locked = MailboxStateRow.lock(statements, mailbox);
          return contents.compose(
              ids ->
                  locked
                      .compose(before -> before.knowingAll(statements, flags()))
                      .compose(before -> write(statements, before, ids)));
        });
  }

  private List<Flags> flags() {
    return appends.stream().flatMap(List::stream).map(NewMessage::flags).toList();
  }

  private Future<List<Changed>> write(
      Statements statements, MailboxStateRow before, long[] contents) {
    var answers = steps(before, contents);
    var last = answers.getLast();
    var rows = joined(answers);
    var written =
        Future.all(
            MessageRows.insert(statements, before.key(), rows),
            before.after(last).save(statements));
    return MessageRows.commit(statements, rows, written).map(answers);
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
      answers.add(changed(counters, after, columns));
      counters = after;
      used += messages.size();
    }
    return List.copyOf(answers);
  }

  private static int unseen(List<NewMessage> messages) {
    return (int) messages.stream().filter(m -> !m.flags().has(SystemFlag.SEEN)).count();
  }

  private static long size(List<NewMessage> messages) {
    return messages.stream().mapToLong(m -> m.staged().facts().size()).sum();
  }

  private MessageColumns columns(
      MailboxStateRow counters, List<NewMessage> messages, long[] contents, int used) {
    long uid = counters.state().uidNext();
    if (uid + messages.size() - 1 > Uid.MAX) {
      throw new StoreException(new StoreFailure.LimitReached("UIDs", Uid.MAX));
    }
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

  /** The result of one step of the counters. */
  public static Changed changed(
      MailboxStateRow before, MailboxStateRow after, MessageColumns changed) {
    return new Changed(
        after.state(),
        before.state().highestModSeq(),
        after.state().highestModSeq(),
        changed,
        NumberSet.EMPTY,
        after.keywords());
  }
}
