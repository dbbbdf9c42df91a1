package io.postern.store.postgres.message;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.store.Messages.Loaded;
import io.postern.store.Messages.Since;
import io.postern.store.postgres.tx.Tx.Statements;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * The queries that an index is read by. All statements see one snapshot, and a change and the
 * mailbox's new mod-sequence are committed together: so nothing above the bound is seen and nothing
 * up to it is missed.
 */
final class IndexQueries {
  private static final String GONE =
      "SELECT uids FROM expunged WHERE account = $1 AND mailbox = $2 AND mod_seq > $3";

  private static final String UIDS =
      "SELECT uid FROM message WHERE account = $1 AND mailbox = $2 ORDER BY uid";

  private IndexQueries() {}

  static Future<Loaded> load(Statements statements, MailboxKey mailbox) {
    var counters = MailboxStateRow.read(statements, mailbox);
    var messages = MessageRows.all(statements, mailbox);
    return counters.compose(
        bound -> messages.map(rows -> new Loaded(bound.state(), rows, bound.keywords())));
  }

  static Future<Since> since(Statements statements, MailboxKey mailbox, ModSeq since) {
    var counters = MailboxStateRow.read(statements, mailbox);
    var changed = MessageRows.since(statements, mailbox, since.value());
    var logged = statements.collect(GONE, ranges(), key(mailbox).addLong(since.value()));
    return counters.compose(
        bound ->
            Future.all(changed, gone(statements, bound, since, logged))
                .map(
                    both ->
                        new Since(
                            bound.state(), both.resultAt(0), both.resultAt(1), bound.keywords())));
  }

  /** Below the log's floor removals are not recorded: returns all UIDs that do not exist now. */
  private static Future<NumberSet> gone(
      Statements statements, MailboxStateRow bound, ModSeq since, Future<NumberSet> logged) {
    long uidNext = bound.state().uidNext();
    if (since.value() >= bound.floor() || uidNext == 1) {
      return logged;
    }
    return statements
        .collect(UIDS, uids(), key(bound.key()))
        .map(NumberSet.range(1, uidNext - 1)::minus);
  }

  private static Tuple key(MailboxKey mailbox) {
    return Tuple.of(mailbox.account().value(), mailbox.mailbox().value());
  }

  private static Collector<Row, ?, NumberSet> uids() {
    return Collector.of(
        NumberSet.Builder::new,
        (set, row) -> set.add(row.getLong(0)),
        MessageRows.oneByOne(),
        NumberSet.Builder::build);
  }

  private static Collector<Row, ?, NumberSet> ranges() {
    return Collectors.collectingAndThen(
        Collectors.mapping(row -> row.getArrayOfLongs(0), Collectors.toList()),
        IndexQueries::union);
  }

  private static NumberSet union(List<Long[]> logged) {
    record Range(long first, long last) {}
    var all = new ArrayList<Range>();
    for (var uids : logged) {
      for (int i = 0; i < uids.length; i += 2) {
        all.add(new Range(uids[i], uids[i + 1]));
      }
    }
    all.sort(Comparator.comparingLong(Range::first));
    var set = new NumberSet.Builder();
    all.forEach(range -> set.add(range.first, range.last));
    return set.build();
  }
}
