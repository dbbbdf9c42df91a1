package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.auth.password.AppPasswordText;
import io.postern.embedded.OwnRedis;
import io.postern.embedded.ServersForPackage;
import io.postern.store.account.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every command costs the database what {@link TripBudget} says, no more and no less. Counted from
 * outside, between two packaged servers and PostgreSQL, so it holds on any machine.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TripBudgetIT {
  /** What a server does from time to time may fall into a command, hardly into all of these. */
  private static final int TRIES = 5;

  private static final String ACCOUNTS = "mail.demo.bulk-accounts";
  private static final String APP_PASSWORD =
      "INSERT INTO app_password (account, name, verifier) SELECT id, 'trips', ? FROM account"
          + " WHERE name = ? ON CONFLICT DO NOTHING";

  private static final String NEXT_ID =
      "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint";

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private OwnRedis redis;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private PostgresProxy proxy;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private Connection database;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private Packaged here;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private Packaged there;

  // Set by start().
  @SuppressWarnings("NullAway.Init")
  private TripScenarios scenarios;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    var settings = new ServersForPackage().start();
    database =
        DriverManager.getConnection(
            settings.get("quarkus.datasource.jdbc.url"),
            settings.get("quarkus.datasource.username"),
            settings.get("quarkus.datasource.password"));
    var url = URI.create(settings.get("quarkus.datasource.reactive.url"));
    proxy = new PostgresProxy(url.getPort());
    var measured = "postgresql://127.0.0.1:" + proxy.port() + url.getPath();
    redis = new OwnRedis(directory);
    there = Packaged.launch(redis, Map.of(ACCOUNTS, "8"));
    here =
        Packaged.launch(redis, Map.of(ACCOUNTS, "8", "quarkus.datasource.reactive.url", measured));
    appPassword();
    scenarios = new TripScenarios(here, there, this::measured);
  }

  private void appPassword() throws SQLException {
    try (var added = database.prepareStatement(APP_PASSWORD)) {
      added.setString(1, AppPasswordText.verifier(new Secret(TripScenarios.APP_PASSWORD)).reveal());
      added.setString(2, TripScenarios.USER);
      added.executeUpdate();
    }
  }

  @AfterAll
  void stop() throws Exception {
    scenarios.close();
    here.close();
    there.close();
    proxy.close();
    redis.close();
    database.close();
  }

  private DatabaseTrips measured(TripScenarios.Step step) throws Exception {
    proxy.taken();
    long before = nextId();
    step.run();
    var trips = proxy.taken();
    return trips.writing(Math.toIntExact(nextId() - before));
  }

  /** The id of the next transaction that writes. */
  private long nextId() throws SQLException {
    try (var statement = database.createStatement();
        var row = statement.executeQuery(NEXT_ID)) {
      assertThat(row.next()).isTrue();
      return row.getLong(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCommandCostsItsBudget(TripBudget line) throws Exception {
    var measured = scenarios.run(line);
    for (int n = 1; n < TRIES && line.exceeds(measured); n++) {
      measured = measured.least(scenarios.run(line));
    }
    if (line.varies() && !line.exceeds(measured)) {
      return;
    }
    var cost = new TripBudget.Cost(measured.trips(), measured.statements(), measured.writes());
    assertThat(cost)
        .as(
            "%s: a greater number is a regression, a smaller one belongs into the table."
                + " What was sent:%n%s",
            line, String.join("\n", measured.sent()))
        .isEqualTo(line.cost());
  }
}
