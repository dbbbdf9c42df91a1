package io.postern.store.postgres;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.SystemFlag;
import io.postern.store.maintenance.StoreVerification.Finding;
import io.postern.store.postgres.PgStoreVerification.Checked;
import io.postern.store.postgres.message.MailboxStateRow;
import io.postern.store.postgres.page.DamagedPage;
import io.postern.store.postgres.page.FactsCodec;
import io.postern.store.postgres.page.FlagsCodec;
import io.postern.store.postgres.page.PageLayout;
import io.postern.store.postgres.page.PageReader;
import io.postern.store.postgres.tx.Statements;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Checks the pages, the tail and the counters of one mailbox, in one snapshot. */
final class MailboxVerification {
  /** How many findings of one mailbox are kept. */
  private static final int MAX_FINDINGS = 100;

  private static final int PAGES = 64;

  private static final String STATE =
      "SELECT uid_next, mod_seq, messages, unseen, size, cardinality(keywords), tail_flags,"
          + " tail_facts, damaged, "
          + MailboxStateRow.TAIL_INTACT
          + " FROM mailbox_state WHERE account = $1 AND mailbox = $2";

  private static final String READ =
      "SELECT page, mod_seq, flags, facts, facts_crc FROM mailbox_page WHERE account = $1 AND mailbox = $2"
          + " AND page > $3 ORDER BY page LIMIT "
          + PAGES;

  private static final String MISSING =
      "SELECT count(*) FROM unnest($2::bigint[]) AS x(id) WHERE NOT EXISTS"
          + " (SELECT FROM content c WHERE c.account = $1 AND c.id = x.id)";

  private final Statements statements;
  private final MailboxKey mailbox;
  private final List<Finding> findings = new ArrayList<>();
  private long messages;
  private long unseen;
  private long size;
  private boolean damaged;

  MailboxVerification(Statements statements, MailboxKey mailbox) {
    this.statements = statements;
    this.mailbox = mailbox;
  }

  /** What a mailbox's row says of all its messages. */
  private record Bounds(long tailStart, long uidNext, long modSeq, long flags) {
    static Bounds of(Row state) {
      int bits = Keywords.FIRST_BIT + state.getInteger(5);
      return new Bounds(
          PageLayout.tailStart(state.getLong(0)),
          state.getLong(0),
          state.getLong(1),
          (1L << bits) - 1);
    }
  }

  Future<Checked> run() {
    return statements
        .run(STATE, mailbox.account().value(), mailbox.mailbox().value())
        .compose(
            rows -> rows.size() == 0 ? Future.succeededFuture() : check(rows.iterator().next()))
        .map(_ -> new Checked(messages, 0, findings));
  }

  private Future<?> check(Row state) {
    var bounds = Bounds.of(state);
    if (state.getString(8) != null) {
      add("it is marked as damaged: " + state.getString(8));
    }
    return pages(bounds, -1).compose(_ -> tail(bounds, state)).onSuccess(_ -> counters(state));
  }

  private void counters(Row state) {
    if (damaged) {
      add("its counters are not compared, because of what is damaged");
      return;
    }
    compare("messages", state.getInteger(2), messages);
    compare("unseen", state.getInteger(3), unseen);
    compare("size", state.getLong(4), size);
  }

  private void compare(String counter, long stored, long counted) {
    if (stored != counted) {
      add("%s is %d, but its messages give %d".formatted(counter, stored, counted));
    }
  }

  private Future<Void> pages(Bounds bounds, int after) {
    return statements
        .run(READ, mailbox.account().value(), mailbox.mailbox().value(), after)
        .compose(
            rows -> {
              int last = after;
              Future<Void> done = Future.succeededFuture();
              for (var row : rows) {
                last = row.getInteger(0);
                var rowsOfPage = page(bounds, row);
                done = done.compose(_ -> contents("page " + row.getInteger(0), rowsOfPage));
              }
              int next = last;
              return rows.size() < PAGES ? done : done.compose(_ -> pages(bounds, next));
            });
  }

  private MessageColumns page(Bounds bounds, Row row) {
    int page = row.getInteger(0);
    var where = "page " + page;
    var reader = new PageReader(PageLayout.PAGE, -1);
    try {
      var facts = new PageReader.Facts(octets(row, 3), octets(row, 4));
      reader.page(page, octets(row, 2), Optional.of(facts));
    } catch (DamagedPage e) {
      return damaged(e);
    }
    var found = reader.build();
    long modSeq = row.getLong(1);
    if (modSeq > bounds.modSeq()) {
      add(where + ": mod-sequence " + modSeq + " is above the mailbox's " + bounds.modSeq());
    }
    if (page < 0 || (found.size() > 0 && found.uid(found.size() - 1) >= bounds.tailStart())) {
      add(where + ": has messages that belong to the tail, or to no page");
    }
    count(where, found, modSeq, bounds.flags());
    return found;
  }

  private Future<Void> tail(Bounds bounds, Row state) {
    var flags = octets(state, 6);
    var facts = octets(state, 7);
    long slots = bounds.uidNext() - bounds.tailStart();
    if (flags.length != slots * FlagsCodec.TAIL_SLOT || facts.length != slots * FactsCodec.SLOT) {
      damaged = true;
      add(
          "tail: %d octets of flags and %d of facts, for %d UIDs"
              .formatted(flags.length, facts.length, slots));
      return Future.succeededFuture();
    }
    var reader = new PageReader(PageLayout.BLOCK, -1);
    try {
      if (!state.getBoolean(9)) {
        throw new DamagedPage("tail: its checksum does not match");
      }
      reader.tail(bounds.tailStart(), flags, facts);
    } catch (DamagedPage e) {
      return contents("tail", damaged(e));
    }
    var found = reader.build();
    count("tail", found, bounds.modSeq(), bounds.flags());
    return contents("tail", found);
  }

  private MessageColumns damaged(DamagedPage fault) {
    damaged = true;
    add(String.valueOf(fault.getMessage()));
    return MessageColumns.EMPTY;
  }

  /** Counts messages, and compares their mod-sequences and flags with what they may be. */
  private void count(String where, MessageColumns found, long modSeq, long allowed) {
    for (int i = 0; i < found.size(); i++) {
      messages++;
      unseen += (found.flags()[i] & SystemFlag.SEEN.bit()) == 0 ? 1 : 0;
      size += found.sizes()[i];
      if (found.modSeqs()[i] > modSeq || found.modSeqs()[i] < 1) {
        add(
            "%s: UID %d has mod-sequence %d, not 1 to %d"
                .formatted(where, found.uid(i), found.modSeqs()[i], modSeq));
      }
      if ((found.flags()[i] & ~allowed) != 0) {
        add(
            "%s: UID %d has a keyword that the mailbox does not know"
                .formatted(where, found.uid(i)));
      }
    }
  }

  private Future<Void> contents(String where, MessageColumns found) {
    if (found.size() == 0) {
      return Future.succeededFuture();
    }
    var ids = Arrays.stream(found.contents()).boxed().toArray(Long[]::new);
    return statements
        .run(MISSING, mailbox.account().value(), ids)
        .onSuccess(
            rows -> {
              long missing = rows.iterator().next().getLong(0);
              if (missing > 0) {
                add(where + ": " + missing + " messages have no content");
              }
            })
        .mapEmpty();
  }

  private void add(String problem) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(new Finding(mailbox, problem));
    }
  }

  private static byte[] octets(Row row, int column) {
    return row.getBuffer(column).getBytes();
  }
}
