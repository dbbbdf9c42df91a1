package io.postern.store;

import static io.postern.store.MoveSides.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Rights;
import io.postern.site.move.MoveSteps;
import io.postern.site.move.MoveSteps.Step;
import io.postern.store.MoveSides.Account;
import io.postern.store.MoveSides.Side;
import io.postern.store.account.AccessLists;
import io.postern.store.move.MoveJobs.Phase;
import io.postern.store.postgres.account.PgAccessLists;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which rows of an account arrive at another site, and those that name other accounts. */
class MovedRowsIT {
  @TempDir static Path scratch;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static MoveSides sides;

  @BeforeAll
  static void start() throws Exception {
    sides = new MoveSides(scratch);
  }

  @AfterAll
  static void stop() throws Exception {
    sides.stop();
  }

  private static void share(Account owner, Account with) {
    var lists = new PgAccessLists(sides.east.postgres.tx());
    await(lists.change(owner.inbox(), with.name(), AccessLists.Mode.ADD, Rights.ALL, 100));
    sides.east.postgres.sql(
        "INSERT INTO annotation (account, mailbox, viewer, entry, value)"
            + " VALUES ($1, $2, $3, '/private/comment', 'mine')",
        owner.id().value(),
        owner.inbox().mailbox().value(),
        with.id().value());
  }

  /** What others have in a mailbox: those whose accounts are at this site. */
  private static String shared(Side side, Account owner) {
    return side.value(
        "SELECT (SELECT string_agg(a.name || rights, ' ') FROM mailbox_access x JOIN account a"
            + " ON a.id = x.grantee WHERE a.deleted IS NULL AND x.account = %1$d) || ' '"
                .formatted(owner.id().value())
            + " || (SELECT string_agg(a.name || encode(value, 'escape'), ' ') FROM annotation n"
            + " JOIN account a ON a.id = n.viewer WHERE a.deleted IS NULL AND n.account = %1$d)"
                .formatted(owner.id().value()));
  }

  @Test
  void rightsAndPrivateAnnotationsGoWithTheOwner() {
    var owner = sides.account();
    var other = sides.account();
    share(owner, other);
    var before = shared(sides.east, owner);
    assertThat(before).startsWith(other.name()).endsWith(other.name() + "mine");
    sides.move(sides.east, owner.name());
    var lists = new PgAccessLists(sides.west.postgres.tx());
    assertThat(await(lists.entries(owner.inbox())))
        .containsExactly(new AccessLists.Entry(other.name(), Rights.ALL));
    assertThat(shared(sides.west, owner)).isEqualTo("null");
    sides.move(sides.east, other.name());
    assertThat(shared(sides.west, owner)).isEqualTo(before);
    assertThat(await(lists.entries(owner.inbox()))).hasSize(1);
  }

  @Test
  void rightsAndPrivateAnnotationsWaitForAUserThatMovesAwayAndForHisOwner() {
    var owner = sides.account();
    var other = sides.account();
    share(owner, other);
    var before = shared(sides.east, owner);
    sides.move(sides.east, other.name());
    assertThat(shared(sides.east, owner)).isEqualTo("null");
    sides.move(sides.east, owner.name());
    assertThat(shared(sides.west, owner)).isEqualTo(before);
  }

  /** The name may be given to another user. */
  @Test
  void whatDeletedUsersHadStaysBehind() {
    var owner = sides.account();
    var other = sides.account();
    share(owner, other);
    sides.east.postgres.sql(
        "INSERT INTO access_grant VALUES ($1, $2)", owner.id().value(), other.id().value());
    sides.east.postgres.sql("UPDATE account SET deleted = now() WHERE id = $1", other.id().value());
    sides.move(sides.east, owner.name());
    var rows = rows(sides.west, owner);
    for (var table :
        List.of("named_mailbox_access", "named_annotation", "access_grant_elsewhere")) {
      assertThat(rows).containsEntry(table, "0");
    }
  }

  @Test
  void aMailboxPlanIsKeptAndMustBeThereAtTheDestination() {
    var refused = sides.account();
    var account = sides.account();
    plan(sides.east);
    sides.east.postgres.sql(
        "UPDATE account SET plan = 'staff', imap_own = true, deleted_item_days = 3"
            + " WHERE id IN ($1, $2)",
        refused.id().value(),
        account.id().value());
    var failed = sides.move(sides.east, refused.name());
    assertThat(failed.phase()).isEqualTo(Phase.FAILED);
    assertThat(failed.problem()).hasValue("the destination has no mailbox plan \"staff\"");
    plan(sides.west);
    assertThat(sides.move(sides.east, account.name()).phase()).isEqualTo(Phase.GRACE);
    assertThat(
            sides.west.value(
                "SELECT plan || imap_own || deleted_item_days FROM account WHERE id = "
                    + account.id().value()))
        .isEqualTo("stafftrue3");
  }

  private static void plan(Side side) {
    side.postgres.sql(
        "INSERT INTO mailbox_plan VALUES"
            + " ('staff', false, true, true, true, 5, 0, false, false, true, 5, 0, false, false)");
  }

  /** A user who has no account here is still shown, and can lose his rights. */
  @Test
  void rightsOfAUserOfAnotherSiteAreRevoked() {
    var owner = sides.account();
    var other = sides.account();
    share(owner, other);
    sides.move(sides.east, other.name());
    var lists = new PgAccessLists(sides.east.postgres.tx());
    assertThat(await(lists.entries(owner.inbox())))
        .containsExactly(new AccessLists.Entry(other.name(), Rights.ALL));
    var none = Rights.NONE;
    assertThat(
            await(lists.change(owner.inbox(), other.name(), AccessLists.Mode.REPLACE, none, 100)))
        .isEqualTo(AccessLists.Outcome.DONE);
    assertThat(await(lists.entries(owner.inbox()))).isEmpty();
    assertThat(
            await(lists.change(owner.inbox(), other.name(), AccessLists.Mode.ADD, Rights.ALL, 100)))
        .isEqualTo(AccessLists.Outcome.UNKNOWN);
  }

  /** Tables of which a move does not take the rows as they are, and why. */
  private static final Map<String, String> NOT_MOVED =
      Map.of(
          "access_grant", "goes by names: access_grant_elsewhere has those of this test",
          "mailbox_access", "goes by names, as named_mailbox_access",
          "account_arrival", "is the record of the arrival",
          "account_sweep", "contents without references are looked for anew at the new home",
          "content_search", "is made anew when it is missing");

  /** A new table with rows of accounts is to be moved, or named above. */
  @Test
  void everyTableWithRowsOfAnAccountIsMoved() {
    var account = sides.account();
    // More than a page and a tail.
    sides.furnish(account, 700);
    var before = rows(sides.east, account);
    assertThat(before).containsKeys(NOT_MOVED.keySet().toArray(String[]::new));
    before.keySet().removeAll(NOT_MOVED.keySet());
    assertThat(before.values()).doesNotContain("0");
    sides.move(sides.east, account.name());
    assertThat(rows(sides.west, account)).containsAllEntriesOf(before);
  }

  /** An account that is frozen waits for the rest; rows of these tables may be many. */
  @Test
  void whatMayBeManyRowsIsCopiedBeforeTheFreeze() {
    var account = sides.account();
    sides.furnish(account, 700);
    var before = rows(sides.east, account);
    var atFreeze = new TreeMap<String, String>();
    MoveSteps steps =
        step -> {
          if (step == Step.RECORD_FREEZE) {
            atFreeze.putAll(rows(sides.west, account));
          }
          return Uni.createFrom().voidItem();
        };
    sides.request(sides.east, account.name());
    await(sides.runner(sides.east, steps).run());
    for (var table : List.of("content", "mailbox_page", "recovery")) {
      assertThat(atFreeze).containsEntry(table, before.get(table));
    }
  }

  /** How many rows each table and view has of an account, whatever there are. */
  private static Map<String, String> rows(Side side, Account account) {
    var rows = new TreeMap<String, String>();
    var columns =
        side.value(
            "SELECT string_agg(table_name || '.' || column_name, ' ') FROM"
                + " information_schema.columns WHERE table_schema = current_schema()"
                + " AND column_name IN ('account', 'owner')");
    for (var column : columns.split(" ", -1)) {
      var table = column.substring(0, column.indexOf('.'));
      rows.put(
          table,
          side.value(
              "SELECT count(*) FROM %s WHERE %s = %d"
                  .formatted(table, column, account.id().value())));
    }
    return rows;
  }
}
