package io.postern.store.postgres.message;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.Uid;
import io.postern.model.message.Flags;
import io.postern.model.message.Keywords;
import io.postern.model.message.SystemFlag;
import io.postern.store.Destination;
import io.postern.store.Messages.NewMessage;
import io.postern.store.Staged.Bytes.Inline;
import io.postern.store.postgres.content.ContentRows;
import io.postern.store.postgres.message.MailboxQueue.PendingAppend;
import io.postern.store.postgres.page.FactsCodec;
import io.postern.store.postgres.page.FlagsCodec;
import io.postern.store.postgres.page.PageLayout;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/**
 * One statement that appends messages without an index of the mailbox: UIDs and mod-sequences are
 * taken in the row, and the name, if that is what is given, is resolved in it. It returns the
 * counters after it, and the ids of the contents; no row, with nothing written, if too few UIDs are
 * left, the keywords are not those expected, or the quota would be exceeded.
 *
 * @param sql its text
 * @param arguments its arguments
 */
record AppendStatement(String sql, Tuple arguments) {
  /**
   * Nothing is written unless so many UIDs are left, the keywords are those expected, and the
   * mailbox is not damaged.
   */
  private static final String POSSIBLE =
      " AND uid_next + %s - 1 <= "
          + Uid.MAX
          + " AND (%s::text[] IS NULL OR keywords = %s) AND "
          + MailboxStateRow.WRITABLE;

  private static final String ONE_FLAGS =
      "tail_flags || int8send($16::bigint) || int8send(mod_seq + 1)";

  private static final String ONE_FACTS = "tail_facts || $17::bytea || int8send(i.id)";

  /** The caller's messages are recent in its session, if it has the mailbox selected. */
  private static final String CLAIMED =
      "first_recent = CASE WHEN %s = %s AND %s = %s THEN %s + %s ELSE %s END";

  /**
   * One message whose bytes are in memory, to a tail that has room. Arguments: account, mailbox,
   * unseen, octets; those of {@link ContentRows#ONE}; flags and facts as the tail has them; the
   * keywords expected, or NULL; the mailbox that the caller has selected, or 0, and how many
   * messages it claims; those of {@link QuotaCheck#within}.
   */
  private static final String ONE =
      "WITH i AS MATERIALIZED (SELECT nextval('content_id') AS id), s AS (UPDATE mailbox_state SET"
          + " uid_next = uid_next + 1, mod_seq = mod_seq + 1, messages = messages + 1,"
          + " unseen = unseen + $3::int, size = size + $4::int, "
          + claimed("mailbox_state.", "$19", "$20")
          + ", tail_flags = "
          + ONE_FLAGS
          + ", tail_facts = "
          + ONE_FACTS
          + ", "
          + PageRows.checked(ONE_FLAGS, ONE_FACTS, "mod_seq + 1")
          + " FROM i"
          + " WHERE account = $1 AND mailbox = :mailbox AND (uid_next = 1 OR (uid_next - 1) % "
          + PageLayout.BLOCK
          + " <> 0)"
          + POSSIBLE.formatted("1", "$18", "$18")
          + QuotaCheck.within("$4::int", "1", 21)
          + " RETURNING "
          + MailboxStateRow.COLUMNS
          + ", i.id AS content), "
          + ContentRows.ONE
          + " SELECT * FROM s";

  private static final String ONE_KEYED = ONE.replace(":mailbox", "$2");

  private static final String ONE_NAMED =
      ONE.replace(":mailbox", "(" + MailboxStateRow.NAMED + ")");

  /**
   * Several messages, or one that begins a block: the full blocks but the last are appended to
   * their pages. Arguments behind those of {@link ContentRows#PARTS}: mailbox, count, steps of the
   * mod-sequence, unseen, octets; of each message its flags, step and facts; the rest as {@link
   * #ONE} has it.
   */
  private static final String SEVERAL =
      "WITH t AS MATERIALIZED (:target), s AS MATERIALIZED"
          + " (SELECT uid_next, mod_seq, tail_flags, tail_facts FROM mailbox_state"
          + " WHERE account = $1 AND mailbox = (SELECT id FROM t)"
          + POSSIBLE.formatted("$17", "$24", "$24")
          + QuotaCheck.within("$20", "$17", 27)
          + " FOR UPDATE), "
          + ContentRows.PARTS
          + ", i AS (SELECT id, row_number() OVER (ORDER BY id) AS at FROM c),"
          + " n AS (SELECT string_agg(int8send(x.flags) || int8send(s.mod_seq + x.step),"
          + " ''::bytea ORDER BY x.at) AS flags,"
          + " string_agg(x.facts || int8send(i.id), ''::bytea ORDER BY x.at) AS facts"
          + " FROM s, i JOIN unnest($21::bigint[], $22::int[], $23::bytea[]) WITH ORDINALITY"
          + " AS x(flags, step, facts, at) ON x.at = i.at), "
          + placed("$17", "$18", "$19", "$20", claimed("m.", "$25", "$26") + ", ")
          + " SELECT u.*, i.id FROM u, i ORDER BY i.id";

  private static final String SEVERAL_KEYED =
      SEVERAL.replace(":target", "SELECT $16::bigint AS id");

  private static final String SEVERAL_NAMED =
      SEVERAL.replace(":target", MailboxStateRow.NAMED.replace("$2", "$16"));

  /** What is left in the tail of {@code e}. */
  private static final String LAST_FLAGS = "substring(e.flags FROM 512 * e.full_blocks + 1)";

  private static final String LAST_FACTS = "substring(e.facts FROM 896 * e.full_blocks + 1)";

  private static String claimed(String row, String selected, String count) {
    var next = row + "uid_next";
    var first = row + "first_recent";
    return CLAIMED.formatted(
        row + "mailbox", selected + "::bigint", first, next, next, count + "::int", first);
  }

  /**
   * Parts of a statement that add messages to a mailbox: {@code t} has its id, {@code s} its locked
   * row, {@code n} the flags and facts of the messages; {@code u} is the row after it.
   *
   * @param columns that are set, too
   */
  static String placed(String count, String steps, String unseen, String octets, String columns) {
    return "e AS (SELECT s.tail_flags || n.flags AS flags, s.tail_facts || n.facts AS facts,"
        + " s.uid_next - octet_length(s.tail_flags) / 16 AS uid,"
        + " ((octet_length(s.tail_flags || n.flags) / 16 - 1) / 32) AS full_blocks FROM s, n),"
        + " b AS (SELECT e.uid + 32 * k AS uid, substring(e.flags FROM 512 * k + 1 FOR 512)"
        + " AS flags, substring(e.facts FROM 896 * k + 1 FOR 896) AS facts"
        + " FROM e, generate_series(0, e.full_blocks - 1) AS k), w AS ("
        + folded(steps)
        + "), u AS (UPDATE mailbox_state m SET uid_next = m.uid_next + %s,".formatted(count)
        + " mod_seq = m.mod_seq + %s, messages = m.messages + %s,".formatted(steps, count)
        + " unseen = m.unseen + %s, size = m.size + %s, ".formatted(unseen, octets)
        + columns
        + "tail_flags = %s, tail_facts = %s, ".formatted(LAST_FLAGS, LAST_FACTS)
        + PageRows.checked(LAST_FLAGS, LAST_FACTS, "m.mod_seq + " + steps)
        + " FROM e"
        + " WHERE m.account = $1 AND m.mailbox = (SELECT id FROM t) RETURNING "
        + MailboxStateRow.COLUMNS
        + ")";
  }

  /** A block of the tail that is appended to its page; b has its first UID, flags and facts. */
  private static String folded(String steps) {
    var flags = header(FlagsCodec.CHECKED_FORMAT, FlagsCodec.TAIL_HEADER);
    var facts = "(%s || b.facts)".formatted(header(FactsCodec.FORMAT, FactsCodec.TAIL_HEADER));
    return "INSERT INTO mailbox_page AS f (account, mailbox, page, mod_seq, flags, facts, facts_crc)"
        + " SELECT $1, (SELECT id FROM t), ((b.uid - 1) / %d)::int,".formatted(PageLayout.PAGE)
        + " max(s.mod_seq) + %s,".formatted(steps)
        + " string_agg(%1$s || substring(int8send(crc32c(%1$s || b.flags)) FROM 5) || b.flags,"
            .formatted(flags)
        + " ''::bytea ORDER BY b.uid),"
        + " string_agg(%s, ''::bytea ORDER BY b.uid),".formatted(facts)
        + " string_agg(%s, ''::bytea ORDER BY b.uid)".formatted(PageRows.factsCrc(facts))
        + " FROM b, s GROUP BY (b.uid - 1) / %d".formatted(PageLayout.PAGE)
        + " ON CONFLICT (account, mailbox, page) DO UPDATE SET mod_seq = excluded.mod_seq,"
        + " flags = f.flags || excluded.flags, facts = f.facts || excluded.facts,"
        + " facts_crc = f.facts_crc || excluded.facts_crc";
  }

  private static String header(String format, String rest) {
    return "decode('%s' || lpad(to_hex((b.uid - 1) %% %d), 2, '0') || '%s', 'hex')"
        .formatted(format, PageLayout.PAGE, rest);
  }

  /**
   * The keywords by which flags are packed.
   *
   * @param guarded whether the mailbox must have exactly these
   */
  record Expected(Keywords keywords, boolean guarded) {
    long stored(Flags flags) {
      return FlagsCodec.stored(keywords.pack(flags));
    }

    Tuple add(Tuple tuple) {
      return tuple.addValue(guarded ? keywords.names().toArray(String[]::new) : null);
    }
  }

  /**
   * What is claimed as {@code \Recent}: the messages of the first appends that come from sessions
   * which have the same mailbox selected; only a first part can be claimed.
   *
   * @param mailbox that these have selected, or 0
   */
  private record Claim(long mailbox, int messages) {
    static Claim of(List<PendingAppend> batch) {
      var first = selected(batch.getFirst());
      int messages =
          batch.stream()
              .takeWhile(append -> selected(append).equals(first))
              .mapToInt(append -> append.messages().size())
              .sum();
      return new Claim(first.map(key -> key.mailbox().value()).orElse(0L), messages);
    }

    private static Optional<MailboxKey> selected(PendingAppend append) {
      return append.to() instanceof Destination.Named(_, _, var selected)
          ? selected
          : Optional.empty();
    }

    Tuple add(Tuple tuple) {
      return tuple.addLong(mailbox).addInteger(messages);
    }
  }

  /**
   * The statement for one message whose bytes are in memory; empty for others. It returns no row,
   * and writes nothing, also when the tail has no room.
   *
   * @param now the time of the append, in seconds since 1970-01-01T00:00Z
   */
  static Optional<AppendStatement> ofOne(
      List<PendingAppend> batch, Expected keywords, QuotaCheck quota, long now) {
    if (batch.size() != 1 || batch.getFirst().messages().size() != 1) {
      return Optional.empty();
    }
    var message = batch.getFirst().messages().getFirst();
    if (!(message.staged().bytes() instanceof Inline(var bytes)) || bytes.length() == 0) {
      return Optional.empty();
    }
    var facts = message.staged().facts();
    int unseen = unseen(List.of(message));
    var to = batch.getFirst().to();
    var tuple = add(Tuple.of(to.account().value()), to).addInteger(unseen).addInteger(facts.size());
    var arguments =
        keywords.add(
            ContentRows.one(tuple, bytes, facts)
                .addLong(keywords.stored(message.flags()))
                .addBuffer(slot(message, now)));
    boolean keyed = to instanceof Destination.Keyed;
    return Optional.of(
        new AppendStatement(
            keyed ? ONE_KEYED : ONE_NAMED, quota.add(Claim.of(batch).add(arguments))));
  }

  private static Tuple add(Tuple tuple, Destination to) {
    return switch (to) {
      case Destination.Keyed(var key) -> tuple.addLong(key.mailbox().value());
      case Destination.Named(_, var name, _) -> tuple.addString(name.value());
    };
  }

  /**
   * The statement for any messages.
   *
   * @param now the time of the appends, in seconds since 1970-01-01T00:00Z
   */
  static AppendStatement ofSeveral(
      List<PendingAppend> batch, Expected keywords, QuotaCheck quota, long now) {
    var all = batch.stream().map(PendingAppend::messages).flatMap(List::stream).toList();
    int n = all.size();
    var flags = new Long[n];
    var steps = new Integer[n];
    var slots = new Buffer[n];
    int at = 0;
    int step = 0;
    for (var append : batch) {
      step++;
      for (var message : append.messages()) {
        flags[at] = keywords.stored(message.flags());
        steps[at] = step;
        slots[at] = slot(message, now);
        at++;
      }
    }
    var to = batch.getFirst().to();
    var contents = ContentRows.parts(to.account(), all.stream().map(NewMessage::staged).toList());
    var arguments =
        keywords.add(
            add(contents, to)
                .addInteger(n)
                .addInteger(step)
                .addInteger(unseen(all))
                .addLong(size(all))
                .addArrayOfLong(flags)
                .addArrayOfInteger(steps)
                .addArrayOfBuffer(slots));
    boolean keyed = to instanceof Destination.Keyed;
    return new AppendStatement(
        keyed ? SEVERAL_KEYED : SEVERAL_NAMED, quota.add(Claim.of(batch).add(arguments)));
  }

  private static Buffer slot(NewMessage message, long now) {
    return FactsCodec.withoutContent(
        message.staged().facts().size(), message.internalDate().packed(), now);
  }

  /** How many of the messages are without {@code \Seen}. */
  static int unseen(List<NewMessage> messages) {
    return (int) messages.stream().filter(m -> !m.flags().has(SystemFlag.SEEN)).count();
  }

  /** The sum of their sizes in octets. */
  static long size(List<NewMessage> messages) {
    return messages.stream().mapToLong(m -> m.staged().facts().size()).sum();
  }
}
