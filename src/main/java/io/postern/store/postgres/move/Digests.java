package io.postern.store.postgres.move;

import io.postern.store.postgres.tx.Statements;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Digests of what an account consists of, equal at both sides when that is. */
final class Digests {
  /**
   * Begins each transaction of a move. Rows as text are the same for all sessions then, the change
   * of a moving account is allowed, and a lock is not awaited longer than 5 s.
   */
  static final String SESSION =
      "SELECT set_config('postern.move', 'on', true), set_config('timezone', 'UTC', true),"
          + " set_config('datestyle', 'ISO', true), set_config('bytea_output', 'hex', true),"
          + " set_config('extra_float_digits', '1', true), set_config('lock_timeout', '5s', true)";

  /** A line for each mailbox. What differs by intent between the sides is made equal. */
  private static final String MAILBOXES =
      """
      SELECT format('mailbox %s "%s": UIDVALIDITY %s, UIDNEXT %s, HIGHESTMODSEQ %s, %s messages,'
          ' %s octets, hashes %s', s.mailbox, m.name, s.uid_validity, s.uid_next, s.mod_seq,
          s.messages, s.size, concat_ws(' ', hashtextextended(m::text, 0),
          hashtextextended((to_jsonb(s) - 'fenced' - 'first_recent' - 'damaged')::text, 0),
          (SELECT concat(count(*), ':', coalesce(sum(hashtextextended(p::text, 0)), 0))
            FROM mailbox_page p WHERE p.account = s.account AND p.mailbox = s.mailbox),
          (SELECT concat(count(*), ':', coalesce(sum(hashtextextended(e::text, 0)), 0))
            FROM expunged e WHERE e.account = s.account AND e.mailbox = s.mailbox)))
        FROM mailbox_state s LEFT JOIN mailbox m ON m.account = s.account AND m.id = s.mailbox
        WHERE s.account = $1 ORDER BY s.mailbox""";

  /**
   * A line for each other kind of rows; the last use of app passwords may be recorded meanwhile.
   */
  private static final String OTHERS =
      """
      SELECT concat('account ', hashtextextended((to_jsonb(a) - 'moving' - 'deleted' - 'purging')
          ::text, 0)) FROM account a WHERE id = $1
      UNION ALL SELECT concat('contents ', count(*), ':', coalesce(sum(hashint8extended(id, 0)), 0))
        FROM content WHERE account = $1
      UNION ALL SELECT concat('mailboxes ', count(*)) FROM mailbox WHERE account = $1
      UNION ALL SELECT concat('subscriptions ', count(*), ':',
          coalesce(sum(hashtextextended(t::text, 0)), 0)) FROM subscription t WHERE account = $1
      UNION ALL SELECT concat('recoverable ', count(*), ':',
          coalesce(sum(hashtextextended(t::text, 0)), 0)) FROM recovery t WHERE account = $1
      UNION ALL SELECT concat('app passwords ', count(*), ':',
          coalesce(sum(hashtextextended(name || ' ' || verifier, 0)), 0))
        FROM app_password WHERE account = $1
      UNION ALL SELECT concat('quota ', count(*), ':',
          coalesce(sum(hashtextextended(t::text, 0)), 0)) FROM account_quota t WHERE account = $1
      UNION ALL SELECT concat('rights ', count(*), ':',
          coalesce(sum(hashtextextended(t::text, 0)), 0)) FROM named_mailbox_access t WHERE account = $1
      UNION ALL SELECT concat('annotations ', count(*), ':',
          coalesce(sum(hashtextextended(t::text, 0)), 0)) FROM named_annotation t WHERE account = $1
      UNION ALL SELECT concat('grants ', count(*), ':', coalesce(sum(hashtextextended(g, 0)), 0))
        FROM (SELECT d.name FROM access_grant JOIN account d ON d.id = delegate AND d.deleted IS NULL
          WHERE owner = $1
          UNION SELECT delegate_name FROM access_grant_elsewhere WHERE owner = $1) AS t(g)""";

  /** Of the octets of blobs: how many chunks, how many octets, and a hash. */
  private static final String CHUNKS =
      "SELECT concat(count(*), ' chunks, ', coalesce(sum(octet_length(bytes)), 0), ' octets, ',"
          + " coalesce(sum(hashtextextended(concat(blob, n, md5(bytes)), 0)), 0))"
          + " FROM blob_chunk WHERE blob = ANY($1)";

  private Digests() {}

  /** That of an account. */
  static Future<List<String>> account(Statements statements, long account) {
    var session = statements.run(SESSION);
    var mailboxes = statements.run(MAILBOXES, account);
    var others = statements.run(OTHERS, account);
    return Future.all(session, mailboxes, others)
        .map(_ -> Stream.concat(lines(mailboxes.result()), lines(others.result())).toList());
  }

  private static Stream<String> lines(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(row -> row.getString(0));
  }

  /** That of the octets of blobs. */
  static Future<String> chunks(Statements statements, List<UUID> blobs) {
    return statements
        .run(CHUNKS, (Object) blobs.toArray(UUID[]::new))
        .map(rows -> rows.iterator().next().getString(0));
  }
}
