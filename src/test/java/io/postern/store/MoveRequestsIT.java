package io.postern.store;

import static io.postern.store.MoveSides.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.site.move.MoveRequests;
import io.postern.site.move.MoveSteps;
import io.postern.store.MoveSides.Account;
import io.postern.store.move.MoveJobs.Phase;
import io.postern.store.move.MoveRefused;
import io.postern.store.postgres.account.PgGrants;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which moves are refused; ids and grants of accounts that move. */
class MoveRequestsIT {
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

  private static Account furnished(int messages) {
    var account = sides.account();
    sides.furnish(account, messages);
    return account;
  }

  @Test
  void refusals() {
    var account = furnished(1);
    var requests = sides.requests(sides.east);
    assertThat(await(requests.request("nobody@example.test", "west"))).isEmpty();
    assertThatThrownBy(() -> await(requests.request(account.name(), "east")))
        .isInstanceOf(MoveRefused.class)
        .hasMessageContaining("already");
    assertThatThrownBy(() -> await(requests.request(account.name(), "nowhere")))
        .isInstanceOf(MoveRefused.class)
        .hasMessageContaining("names no site nowhere");
    assertThat(await(requests.request(account.name(), "west"))).isPresent();
    assertThatThrownBy(() -> await(requests.request(account.name(), "west")))
        .isInstanceOf(MoveRefused.class)
        .hasMessageContaining("being moved already");
    await(sides.runner(sides.east, MoveSteps.ALL).run());
    assertThat(await(requests.request(account.name(), "west"))).isEmpty();
  }

  @Test
  void sitesOfDifferentSchemasAreRefused() {
    var account = furnished(1);
    migrateToANewerVersion(sides.west);
    try {
      assertThatThrownBy(() -> await(sides.requests(sides.east).request(account.name(), "west")))
          .isInstanceOf(MoveRefused.class)
          .hasMessageContaining("the database of west has the schema 999");
    } finally {
      forgetTheNewerVersion(sides.west);
    }
  }

  private static void migrateToANewerVersion(MoveSides.Side side) {
    side.postgres.sql(
        "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
            + " installed_by, execution_time, success)"
            + " VALUES (9999, '999', 'newer', 'SQL', 'V999__newer.sql', 'test', 1, true)");
  }

  private static void forgetTheNewerVersion(MoveSides.Side side) {
    side.postgres.sql("DELETE FROM flyway_schema_history WHERE version = '999'");
  }

  /** It would leave behind what only the newer version knows. */
  @Test
  void afterARollbackNoAccountLeavesByTheVersionBefore() {
    var account = furnished(1);
    migrateToANewerVersion(sides.east);
    migrateToANewerVersion(sides.west);
    try {
      assertThatThrownBy(() -> await(sides.requests(sides.east).request(account.name(), "west")))
          .isInstanceOf(MoveRefused.class)
          .hasMessageMatching("the database of (east|west) has the schema 999, .*");
      assertThatThrownBy(() -> await(sides.east.departures.store()))
          .isInstanceOf(MoveRefused.class);
    } finally {
      forgetTheNewerVersion(sides.east);
      forgetTheNewerVersion(sides.west);
    }
  }

  @Test
  void anUnreachableSiteIsRefused() {
    var account = furnished(1);
    var unreachable = new UnreachableArrivals();
    var requests = new MoveRequests(sides.sites(sides.east, Optional.of(unreachable)));
    assertThatThrownBy(() -> await(requests.request(account.name(), "west")))
        .isInstanceOf(MoveRefused.class)
        .hasMessageContaining("cannot be reached");
  }

  /** An id that an older database gave, and that looks as if the other site had. */
  @Test
  void idsOfBeforeSitesHadNumbersAreNotGivenAgain() {
    var account = furnished(1);
    long next = Long.parseLong(sides.west.value("SELECT nextval('content_id')"));
    long taken = next + 5 * 1024;
    sides.east.postgres.sql(
        "INSERT INTO content SELECT (jsonb_populate_record(c, jsonb_build_object('id', $2::bigint))).*"
            + " FROM content c WHERE account = $1 LIMIT 1",
        account.id().value(),
        taken);
    assertThat(sides.move(sides.east, account.name()).phase()).isEqualTo(Phase.GRACE);
    assertThat(Long.parseLong(sides.west.value("SELECT nextval('content_id')")))
        .isEqualTo(taken + 1024);
  }

  @Test
  void grantsStayValidWhoeverMoves() {
    var owner = furnished(1);
    var delegate = sides.account();
    long ownerId = owner.id().value();
    sides.east.postgres.sql(
        "INSERT INTO access_grant (owner, delegate) VALUES ($1, $2)",
        ownerId,
        delegate.id().value());
    sides.move(sides.east, owner.name());
    var west = new PgGrants(sides.west.postgres.tx());
    assertThat(await(west.delegatesElsewhere(owner.id())))
        .containsExactlyInAnyOrder("far@example.test", delegate.name());
    assertThat(await(west.grantedElsewhere(owner.id(), delegate.name()))).isTrue();
    sides.move(sides.east, delegate.name());
    assertThat(await(west.granted(owner.id(), delegate.id()))).isTrue();
    assertThat(await(west.revokeElsewhere(owner.id(), "far@example.test"))).isTrue();
    assertThat(await(west.delegatesElsewhere(owner.id()))).isEmpty();
  }

  @Test
  void anOwnerWhoStaysStillGrantsAccessToADelegateWhoMoves() {
    var owner = furnished(1);
    var delegate = sides.account();
    sides.east.postgres.sql(
        "INSERT INTO access_grant (owner, delegate) VALUES ($1, $2)",
        owner.id().value(),
        delegate.id().value());
    sides.move(sides.east, delegate.name());
    var east = new PgGrants(sides.east.postgres.tx());
    assertThat(await(east.grantedElsewhere(owner.id(), delegate.name()))).isTrue();
  }
}
