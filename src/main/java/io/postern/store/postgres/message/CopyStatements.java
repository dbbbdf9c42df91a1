package io.postern.store.postgres.message;

import io.postern.model.Uid;
import io.postern.store.Destination;
import io.postern.store.postgres.page.PageWriter;
import io.vertx.sqlclient.Tuple;
import java.util.stream.Stream;

/** The statements of COPY and MOVE. */
final class CopyStatements {
  /**
   * Arguments: account, source, target, UIDVALIDITY and mod-sequence of the source and of the
   * target; the target's counters, keywords and tail after it; blocks of its pages.
   */
  private static final String BOTH =
      "WITH l AS MATERIALIZED (SELECT mailbox, uid_validity, mod_seq, "
          + MailboxStateRow.WRITABLE
          + " AS writable FROM mailbox_state"
          + " WHERE account = $1 AND mailbox IN ($2, $3) ORDER BY mailbox FOR UPDATE),"
          + " ok AS (SELECT count(*) FROM l HAVING"
          + " count(*) FILTER (WHERE mailbox = $2 AND uid_validity = $4 AND mod_seq = $5) = 1"
          + " AND count(*) FILTER (WHERE mailbox = $3 AND uid_validity = $6 AND mod_seq = $7) = 1"
          + " AND bool_and(writable%s):quota),"
          + " t AS (UPDATE mailbox_state SET uid_next = $8, mod_seq = $9, messages = $10,"
          + " unseen = $11, size = $12, keywords = $13, tail_flags = $14, tail_facts = $15, "
          + PageRows.checked("$14::bytea", "$15::bytea", "$9")
          + " FROM ok WHERE account = $1 AND mailbox = $3 RETURNING mod_seq), a AS ("
          + PageRows.appended("t", "$3", "$9", 16)
          + ")";

  /**
   * Then the octets and the number of the messages, and those of {@link QuotaCheck#within}. A
   * damaged source can still be copied from, as far as this node has its index.
   */
  private static final String COPY =
      BOTH.formatted(" OR mailbox <> $3").replace(":quota", QuotaCheck.within("$19", "$20", 21))
          + " SELECT mod_seq FROM t";

  /** Then the source's counters and tail after it, its pages, and the log of removals. */
  private static final String MOVE =
      BOTH.formatted("").replace(":quota", "")
          + ", s AS (UPDATE mailbox_state SET mod_seq = $19, messages = $20, unseen = $21,"
          + " size = $22, tail_flags = $23, "
          + PageRows.checked("$23::bytea", "tail_facts", "$19")
          + " FROM ok WHERE account = $1 AND mailbox = $2"
          + " RETURNING mod_seq), p AS ("
          + PageRows.replaced("s", "$2", "$19", 24)
          + "), e AS ("
          + PageRows.logged("s", "$2", 26)
          + ") SELECT "
          + PageRows.allReplaced(24)
          + " FROM t";

  private static final String BLIND =
      "WITH t AS MATERIALIZED (:target), l AS MATERIALIZED"
          + " (SELECT mailbox, uid_validity, mod_seq, uid_next, tail_flags, tail_facts, "
          + MailboxStateRow.WRITABLE
          + " AS writable FROM mailbox_state WHERE account = $1 AND mailbox IN ($2, (SELECT id FROM t))"
          + " ORDER BY mailbox FOR UPDATE), s AS MATERIALIZED"
          + " (SELECT uid_next, mod_seq, tail_flags, tail_facts FROM l"
          + " WHERE mailbox = (SELECT id FROM t) AND mailbox <> $2 AND writable AND uid_next + $6 - 1 <= "
          + Uid.MAX
          + " AND EXISTS (SELECT FROM l WHERE mailbox = $2 AND uid_validity = $4"
          + " AND mod_seq = $5:source):quota),"
          + " n AS (SELECT string_agg(int8send(x.flags) || int8send(s.mod_seq + 1),"
          + " ''::bytea ORDER BY x.at) AS flags, $10::bytea AS facts"
          + " FROM s, unnest($9::bigint[]) WITH ORDINALITY AS x(flags, at)), "
          + AppendStatement.placed("$6::int", "1", "$7::int", "$8::bigint", "");

  private static final String BLIND_COPY =
      BLIND.replace(":source", "").replace(":quota", QuotaCheck.within("$8::bigint", "$6::int", 11))
          + " SELECT * FROM u";

  private static final String BLIND_MOVE =
      BLIND.replace(":source", " AND writable").replace(":quota", "")
          + ", g AS (UPDATE mailbox_state o SET mod_seq = $11, messages = $12, unseen = $13,"
          + " size = $14, tail_flags = $15, "
          + PageRows.checked("$15::bytea", "o.tail_facts", "$11")
          + " FROM u WHERE o.account = $1 AND o.mailbox = $2"
          + " RETURNING o.mod_seq), p AS ("
          + PageRows.replaced("g", "$2", "$11", 16)
          + "), x AS ("
          + PageRows.logged("g", "$2", 18)
          + ") SELECT u.*, "
          + PageRows.allReplaced(16)
          + " FROM u";

  private static final String KEYED = "SELECT $3::bigint AS id";
  private static final String NAMED = MailboxStateRow.NAMED.replace("$2", "$3");

  private static final String BLIND_COPY_KEYED = BLIND_COPY.replace(":target", KEYED);
  private static final String BLIND_COPY_NAMED = BLIND_COPY.replace(":target", NAMED);
  private static final String BLIND_MOVE_KEYED = BLIND_MOVE.replace(":target", KEYED);
  private static final String BLIND_MOVE_NAMED = BLIND_MOVE.replace(":target", NAMED);

  private CopyStatements() {}

  /** If source and target are both still at the mod-sequences that this node knows. */
  static String compared(boolean move) {
    return move ? MOVE : COPY;
  }

  /**
   * If the source is still at the mod-sequence that this node knows, whatever the target is at,
   * unless it is the source. Arguments: account, source, target; UIDVALIDITY and mod-sequence of
   * the source; count, unseen and octets of the messages, their flags, and the facts of all; then,
   * for COPY, those of {@link QuotaCheck#within}, for MOVE, the source's counters and tail after
   * it, its pages, and the log of removals. Its row is the target's counters after it.
   */
  static String blind(boolean move, Destination to) {
    boolean keyed = to instanceof Destination.Keyed;
    return move
        ? keyed ? BLIND_MOVE_KEYED : BLIND_MOVE_NAMED
        : keyed ? BLIND_COPY_KEYED : BLIND_COPY_NAMED;
  }

  /** Adds what a move makes of the source. */
  static Tuple removal(Tuple tuple, IndexOperation.Result gone) {
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
}
