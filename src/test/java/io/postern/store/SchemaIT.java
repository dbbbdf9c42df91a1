package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.store.postgres.schema.Schema;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import org.junit.jupiter.api.Test;

/**
 * The start looks for one migration. That it brings an empty database up to date is what all tests
 * on the platform rest upon: each run begins with one.
 */
@QuarkusTest
class SchemaIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @Inject PgPorts pg;

  private boolean has(String version) {
    return new Schema(pg.tx).has(version).await().atMost(SOON);
  }

  @Test
  void appliedMigrationsAreFound() {
    var newest =
        pg.sql("SELECT version FROM flyway_schema_history ORDER BY installed_rank DESC LIMIT 1");
    assertThat(newest.getFirst().getString(0)).isEqualTo(Schema.NEWEST);
    assertThat(has("001")).isTrue();
    assertThat(has(Schema.NEWEST)).isTrue();
  }

  /** A new migration must be the one that the start requires. */
  @Test
  void newestIsTheLastMigrationFile() throws Exception {
    try (var files = Files.list(Path.of("src/main/resources/db/migration"))) {
      var migrations =
          files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("V"));
      assertThat(migrations.max(Comparator.naturalOrder()))
          .hasValueSatisfying(last -> assertThat(last).startsWith("V" + Schema.NEWEST + "__"));
    }
  }

  @Test
  void aFutureMigrationIsMissing() {
    assertThat(has("9999")).isFalse();
  }

  @Test
  void aFailedMigrationIsMissing() {
    pg.sql(
        "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
            + " installed_by, execution_time, success)"
            + " VALUES (9998, '9998', 'broken', 'SQL', 'V9998__broken.sql', 'test', 1, false)");
    assertThat(has("9998")).isFalse();
    pg.sql("DELETE FROM flyway_schema_history WHERE version = '9998'");
  }
}
