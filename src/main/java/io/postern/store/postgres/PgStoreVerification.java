package io.postern.store.postgres;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.store.maintenance.StoreVerification;
import io.postern.store.postgres.page.DamagedPage;
import io.postern.store.postgres.tx.Statements;
import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Checks the store in PostgreSQL. */
public final class PgStoreVerification implements StoreVerification {
  /** How many contents without a message are counted of an account. */
  private static final int MAX_UNOWNED = 1_000_000;

  private static final String NEXT =
      "SELECT account, mailbox FROM mailbox_state WHERE (account, mailbox) > ($1, $2)"
          + " ORDER BY account, mailbox LIMIT $3";

  private static final String ACCOUNT =
      "SELECT EXISTS (SELECT FROM account_sweep WHERE account = $1),"
          + " (SELECT count(*) FROM mailbox_page p WHERE account = $1 AND NOT EXISTS"
          + " (SELECT FROM mailbox_state s WHERE s.account = p.account AND s.mailbox = p.mailbox))";

  private final Tx tx;

  public PgStoreVerification(Tx tx) {
    this.tx = tx;
  }

  /** The findings about one mailbox or one account. */
  record Checked(long messages, long unowned, List<Finding> findings) {}

  @Override
  public Uni<Verified> verify(Optional<MailboxKey> after, int limit) {
    if (limit < 1 || limit > MAX_MAILBOXES) {
      throw new IllegalArgumentException("1 to " + MAX_MAILBOXES + " are checked, not " + limit);
    }
    return next(after, limit)
        .flatMap(
            mailboxes ->
                Multi.createFrom()
                    .range(0, mailboxes.size())
                    .onItem()
                    .transformToUniAndConcatenate(
                        i ->
                            check(
                                mailboxes.get(i),
                                i == 0 ? after : Optional.of(mailboxes.get(i - 1))))
                    .collect()
                    .asList()
                    .map(checks -> verified(mailboxes, checks, limit)));
  }

  private static Verified verified(List<MailboxKey> mailboxes, List<Checked> checks, int limit) {
    return new Verified(
        mailboxes.size(),
        checks.stream().mapToLong(Checked::messages).sum(),
        checks.stream().mapToLong(Checked::unowned).sum(),
        checks.stream().flatMap(check -> check.findings().stream()).toList(),
        mailboxes.size() < limit ? Optional.empty() : Optional.of(mailboxes.getLast()));
  }

  private Uni<List<MailboxKey>> next(Optional<MailboxKey> after, int limit) {
    return tx.readSnapshot(
        s ->
            s.run(
                    NEXT,
                    after.map(key -> key.account().value()).orElse(Long.MIN_VALUE),
                    after.map(key -> key.mailbox().value()).orElse(Long.MIN_VALUE),
                    limit)
                .map(
                    rows ->
                        StreamSupport.stream(rows.spliterator(), false)
                            .map(
                                row ->
                                    new MailboxKey(
                                        new AccountId(row.getLong(0)),
                                        new MailboxId(row.getLong(1))))
                            .toList()));
  }

  /** The first mailbox of an account is checked together with the account. */
  private Uni<Checked> check(MailboxKey mailbox, Optional<MailboxKey> before) {
    var alone = tx.readSnapshot(s -> new MailboxVerification(s, mailbox).run());
    return before.map(MailboxKey::account).filter(mailbox.account()::equals).isPresent()
        ? alone
        : alone.flatMap(
            first -> tx.readSnapshot(s -> account(s, mailbox)).map(second -> both(first, second)));
  }

  private static Checked both(Checked first, Checked second) {
    var findings = new ArrayList<>(first.findings());
    findings.addAll(second.findings());
    return new Checked(first.messages(), second.unowned(), findings);
  }

  private static Future<Checked> account(Statements statements, MailboxKey first) {
    long account = first.account().value();
    return statements
        .run(ACCOUNT, account)
        .compose(
            rows ->
                new AccountContents(statements, account)
                    .unnamed(MAX_UNOWNED)
                    .map(ids -> account(first, rows, ids.length))
                    .recover(
                        fault ->
                            fault instanceof DamagedPage damaged
                                ? Future.succeededFuture(damaged(first, damaged))
                                : Future.failedFuture(fault)));
  }

  private static Checked account(MailboxKey first, RowSet<Row> rows, int unowned) {
    var row = rows.iterator().next();
    var findings = new ArrayList<Finding>();
    if (unowned > 0 && !row.getBoolean(0)) {
      findings.add(
          new Finding(
              first,
              "the account has " + unowned + " contents without a message, and no mark to sweep"));
    }
    if (row.getLong(1) > 0) {
      findings.add(
          new Finding(first, "the account has " + row.getLong(1) + " pages without a mailbox"));
    }
    return new Checked(0, unowned, findings);
  }

  private static Checked damaged(MailboxKey first, DamagedPage damaged) {
    return new Checked(
        0,
        0,
        List.of(
            new Finding(
                first,
                "the account's contents are not compared, because of a damaged page: "
                    + damaged.getMessage())));
  }
}
