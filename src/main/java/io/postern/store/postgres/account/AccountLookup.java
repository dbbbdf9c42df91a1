package io.postern.store.postgres.account;

import io.postern.store.account.Account;
import io.postern.store.account.MailboxPlan;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowIterator;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The account of a name, as each login reads it: one short statement of the plain client, without a
 * session of Hibernate and the code that one runs.
 */
final class AccountLookup {
  private static final String FIND =
      """
      SELECT a.id, a.name, a.verifier, a.scram, a.enabled, a.administrator, a.plan, a.deleted_item_days,
          a.imap_enabled, a.imap_own, a.imap_use_protocol_defaults, a.imap_mime_format, a.imap_calendar_format,
          a.imap_suppress_read_receipt, a.imap_force_ical,
          a.pop_enabled, a.pop_own, a.pop_use_protocol_defaults, a.pop_mime_format, a.pop_calendar_format,
          a.pop_suppress_read_receipt, a.pop_force_ical,
          p.name, p.by_default, p.warning, p.prohibit_send, p.prohibit_receive, p.messages, p.deleted_item_days,
          p.imap_enabled, p.imap_use_protocol_defaults, p.imap_mime_format, p.imap_calendar_format,
          p.imap_suppress_read_receipt, p.imap_force_ical,
          p.pop_enabled, p.pop_use_protocol_defaults, p.pop_mime_format, p.pop_calendar_format,
          p.pop_suppress_read_receipt, p.pop_force_ical
        FROM account a LEFT JOIN mailbox_plan p ON p.name = a.plan
        WHERE a.name = $1 AND a.deleted IS NULL""";

  private AccountLookup() {}

  /** The account of a name in lower case. */
  static Uni<Optional<Account>> find(Tx tx, String name) {
    return tx.autocommit(client -> client.preparedQuery(FIND).execute(Tuple.of(name)))
        .map(rows -> first(rows.iterator()));
  }

  private static Optional<Account> first(RowIterator<Row> rows) {
    return rows.hasNext() ? Optional.of(account(new Columns(rows.next()))) : Optional.empty();
  }

  private static Account account(Columns columns) {
    var row = new AccountRow();
    row.id = columns.nextLong();
    row.name = columns.nextString();
    row.verifier = columns.nextString();
    row.scram = columns.next(String.class);
    row.enabled = columns.nextBoolean();
    row.administrator = columns.nextBoolean();
    row.plan = columns.next(String.class);
    row.deletedItemDays = columns.next(Integer.class);
    row.imap = columns.nextBoolean();
    row.imapOwn = columns.nextBoolean();
    row.imapOptions = columns.nextOptions();
    row.pop = columns.nextBoolean();
    row.popOwn = columns.nextBoolean();
    row.popOptions = columns.nextOptions();
    return row.account(Optional.ofNullable(row.plan).map(_ -> plan(columns)));
  }

  private static MailboxPlan plan(Columns columns) {
    var row = new MailboxPlanRow();
    row.name = columns.nextString();
    row.byDefault = columns.nextBoolean();
    row.warning = columns.next(Long.class);
    row.prohibitSend = columns.next(Long.class);
    row.prohibitReceive = columns.next(Long.class);
    row.messages = columns.next(Long.class);
    row.deletedItemDays = columns.next(Integer.class);
    row.imap = columns.nextBoolean();
    row.imapOptions = columns.nextOptions();
    row.pop = columns.nextBoolean();
    row.popOptions = columns.nextOptions();
    return row.plan();
  }

  /** The columns of a row, one after the other. */
  private static final class Columns {
    private final Row row;
    private int column;

    private Columns(Row row) {
      this.row = row;
    }

    /** Null in an empty column. */
    private <T> @Nullable T next(Class<T> type) {
      return row.get(type, column++);
    }

    private String nextString() {
      return row.getString(column++);
    }

    private long nextLong() {
      return row.getLong(column++);
    }

    private boolean nextBoolean() {
      return row.getBoolean(column++);
    }

    private RetrievalColumns nextOptions() {
      var options = new RetrievalColumns();
      options.useDefaults = nextBoolean();
      options.mimeFormat = row.getShort(column++);
      options.calendarFormat = row.getShort(column++);
      options.suppressReadReceipt = nextBoolean();
      options.forceICal = nextBoolean();
      return options;
    }
  }
}
