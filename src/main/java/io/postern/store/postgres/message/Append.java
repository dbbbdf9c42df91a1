package io.postern.store.postgres.message;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.model.Uid;
import io.postern.model.message.Flags;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.Changed;
import io.postern.store.Messages.NewMessage;
import io.postern.store.Staged.Bytes.Inline;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.postgres.content.ContentRows;
import io.postern.store.postgres.message.PageRows.Tail;
import io.postern.store.postgres.page.FactsCodec;
import io.postern.store.postgres.page.FlagsCodec;
import io.postern.store.postgres.page.PageLayout;
import io.postern.store.postgres.tx.Tx;
import io.postern.store.postgres.tx.Tx.Statements;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the messages of several appends to one mailbox, all or none. */
public final class Append {
  /** Nothing is written unless so many UIDs are left and the keywords are those expected. */
  private static final String POSSIBLE =
      " AND uid_next + %s - 1 <= " + Uid.MAX + " AND (%s::text[] IS NULL OR keywords = %s)";

  /**
   * One message whose bytes are in memory, to a tail that has room. Blind: UID and mod-sequence are
   * taken in the row. Arguments: account, mailbox, unseen, octets; those of {@link
   * ContentRows#ONE}; flags and facts as the tail has them; the keywords expected, or NULL.
   */
  private static final String ONE =
      "WITH i AS MATERIALIZED (SELECT nextval('content_id') AS id), s AS (UPDATE mailbox_state SET"
          + " uid_next = uid_next + 1, mod_seq = mod_seq + 1, messages = messages + 1,"
          + " unseen = unseen + $3::int, size = size + $4::int,"
          + " tail_flags = tail_flags || int8send($16::bigint) || int8send(mod_seq + 1),"
          + " tail_facts = tail_facts || $17::bytea || int8send(i.id) FROM i"
          + " WHERE account = $1 AND mailbox = $2 AND (uid_next = 1 OR (uid_next - 1) % "
          + PageLayout.BLOCK
          + " <> 0)"
          + POSSIBLE.formatted("1", "$18", "$18")
          + " RETURNING "
          + MailboxStateRow.COLUMNS
          + ", i.id AS content), "
          + ContentRows.ONE
          + " SELECT * FROM s";

  /** A block of the tail that is appended to its page; b has its first UID, flags and facts. */
  private static final String FOLDED =
      "INSERT INTO mailbox_page AS f (account, mailbox, page, mod_seq, flags, facts)"
          + " SELECT $1, $16, ((b.uid - 1) / %d)::int, max(s.mod_seq) + $18,"
              .formatted(PageLayout.PAGE)
          + " string_agg(%s || b.flags, ''::bytea ORDER BY b.uid),"
              .formatted(header(FlagsCodec.TAIL_FORMAT, FlagsCodec.TAIL_HEADER))
          + " string_agg(%s || b.facts, ''::bytea ORDER BY b.uid)"
              .formatted(header(FactsCodec.FORMAT, FactsCodec.TAIL_HEADER))
          + " FROM b, s GROUP BY (b.uid - 1) / %d".formatted(PageLayout.PAGE)
          + " ON CONFLICT (account, mailbox, page) DO UPDATE SET mod_seq = excluded.mod_seq,"
          + " flags = f.flags || excluded.flags, facts = f.facts || excluded.facts";

  /**
   * Several messages, or one that begins a block: the full blocks but the last are appended to
   * their pages. Arguments behind those of {@link ContentRows#PARTS}: mailbox, count, steps of the
   * mod-sequence, unseen, octets; of each message its flags, step and facts; the keywords expected,
   * or NULL.
   */
  private static final String SEVERAL =
      "WITH s AS MATERIALIZED (SELECT uid_next, mod_seq, tail_flags, tail_facts FROM mailbox_state"
          + " WHERE account = $1 AND mailbox = $16"
          + POSSIBLE.formatted("$17", "$24", "$24")
          + " FOR UPDATE), "
          + ContentRows.PARTS
          + ", i AS (SELECT id, row_number() OVER (ORDER BY id) AS at FROM c),"
          + " n AS (SELECT string_agg(int8send(x.flags) || int8send(s.mod_seq + x.step),"
          + " ''::bytea ORDER BY x.at) AS flags,"
          + " string_agg(x.facts || int8send(i.id), ''::bytea ORDER BY x.at) AS facts"
          + " FROM s, i JOIN unnest($21::bigint[], $22::int[], $23::bytea[]) WITH ORDINALITY"
          + " AS x(flags, step, facts, at) ON x.at = i.at),"
          + " e AS (SELECT s.tail_flags || n.flags AS flags, s.tail_facts || n.facts AS facts,"
          + " s.uid_next - octet_length(s.tail_flags) / 16 AS uid,"
          + " ((octet_length(s.tail_flags || n.flags) / 16 - 1) / 32) AS full_blocks FROM s, n),"
          + " b AS (SELECT e.uid + 32 * k AS uid, substring(e.flags FROM 512 * k + 1 FOR 512)"
          + " AS flags, substring(e.facts FROM 896 * k + 1 FOR 896) AS facts"
          + " FROM e, generate_series(0, e.full_blocks - 1) AS k), p AS ("
          + FOLDED
          + "), u AS (UPDATE mailbox_state m SET uid_next = m.uid_next + $17,"
          + " mod_seq = m.mod_seq + $18, messages = m.messages + $17, unseen = m.unseen + $19,"
          + " size = m.size + $20, tail_flags = substring(e.flags FROM 512 * e.full_blocks + 1),"
          + " tail_facts = substring(e.facts FROM 896 * e.full_blocks + 1) FROM e"
          + " WHERE m.account = $1 AND m.mailbox = $16 RETURNING "
          + MailboxStateRow.COLUMNS
          + ") SELECT u.*, i.id FROM u, i ORDER BY i.id";

  private static String header(String format, String rest) {
    return "decode('%s' || lpad(to_hex((b.uid - 1) %% %d), 2, '0') || '%s', 'hex')"
        .formatted(format, PageLayout.PAGE, rest);
  }

  private final Tx tx;
  private final IndexSource indexes;
  private final long now;
  private final List<List<NewMessage>> appends;

  Append(Tx tx, IndexSource indexes, InstantSource clock, List<List<NewMessage>> appends) {
    this.tx = tx;
    this.indexes = indexes;
    this.now = clock.instant().getEpochSecond();
    this.appends = appends;
  }

  /**
   * The keywords by which flags are packed.
   *
   * @param guarded whether the mailbox must have exactly these
   */
  private record Expected(Keywords keywords, boolean guarded) {
    long stored(Flags flags) {
      return FlagsCodec.stored(keywords.pack(flags));
    }

    Tuple add(Tuple tuple) {
      return tuple.addValue(guarded ? keywords.names().toArray(String[]::new) : null);
    }
  }

  /** The result of each append, in their order. */
  Future<List<Changed>> to(MailboxKey mailbox) {
    var keywords = expected(mailbox);
    if (keywords.isEmpty() || appends.stream().anyMatch(List::isEmpty)) {
      return bySteps(mailbox);
    }
    return atOnce(mailbox, keywords.get())
        .compose(done -> done.map(Future::succeededFuture).orElseGet(() -> bySteps(mailbox)));
  }

  /**
   * The keywords by which flags are packed: those that this node knows the mailbox to have, if they
   * are needed and enough. Empty if the mailbox lacks some.
   */
  private Optional<Expected> expected(MailboxKey mailbox) {
    var flags = flags();
    if (flags.stream().allMatch(each -> each.keywords().isEmpty())) {
      return Optional.of(new Expected(Keywords.NONE, false));
    }
    return indexes
        .cached(mailbox)
        .map(index -> new Expected(index.keywords(), true))
        .filter(known -> flags.stream().allMatch(known.keywords()::containsAll));
  }

  /** Empty, with nothing written, when this is not possible: {@link #bySteps} finds the reason. */
  private Future<Optional<List<Changed>>> atOnce(MailboxKey mailbox, Expected keywords) {
    var one = ofOne(mailbox, keywords);
    var first =
        one.isPresent()
            ? tx.statement(client -> client.preparedQuery(ONE).execute(one.get()))
                .map(rows -> Optional.of(rows).filter(found -> found.size() > 0))
            : Future.succeededFuture(Optional.<RowSet<Row>>empty());
    return first
        .compose(
            done ->
                done.isPresent()
                    ? Future.succeededFuture(done.get())
                    : tx.statement(
                        client ->
                            client.preparedQuery(SEVERAL).execute(arguments(mailbox, keywords))))
        .map(rows -> Optional.of(rows).filter(r -> r.size() > 0).map(this::changes));
  }

  /** The arguments of {@link #ONE}, if there is one message and its bytes are in memory. */
  private Optional<Tuple> ofOne(MailboxKey mailbox, Expected keywords) {
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
        keywords.add(
            ContentRows.one(tuple, bytes, facts)
                .addLong(keywords.stored(message.flags()))
                .addBuffer(slot(message))));
  }

  private Buffer slot(NewMessage message) {
    return FactsCodec.withoutContent(
        message.staged().facts().size(), message.internalDate().packed(), now);
  }

  private Tuple arguments(MailboxKey mailbox, Expected keywords) {
    var all = appends.stream().flatMap(List::stream).toList();
    int n = all.size();
    var flags = new Long[n];
    var steps = new Integer[n];
    var slots = new Buffer[n];
    int at = 0;
    int step = 0;
    for (var messages : appends) {
      step++;
      for (var message : messages) {
        flags[at] = keywords.stored(message.flags());
        steps[at] = step;
        slots[at] = slot(message);
        at++;
      }
    }
    return keywords.add(
        ContentRows.parts(mailbox.account(), all.stream().map(NewMessage::staged).toList())
            .addLong(mailbox.mailbox().value())
            .addInteger(n)
            .addInteger(step)
            .addInteger(unseen(all))
            .addLong(size(all))
            .addArrayOfLong(flags)
            .addArrayOfInteger(steps)
            .addArrayOfBuffer(slots));
  }

  private List<Changed> changes(RowSet<Row> rows) {
    var all = appends.stream().flatMap(List::stream).toList();
    var after = MailboxStateRow.of(rows.iterator().next());
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
          var locked = PageRows.lock(statements, mailbox);
          return contents.compose(
              ids ->
                  locked.compose(
                      tail ->
                          knowing(statements, mailbox, tail.row())
                              .compose(row -> write(statements, mailbox, tail, row, ids))));
        });
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
