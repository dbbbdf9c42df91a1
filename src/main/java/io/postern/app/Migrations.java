package io.postern.app;

import io.postern.app.StoreWiring.FirstConnection;
import io.postern.store.postgres.schema.Schema;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.TimeoutException;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Comparator;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.resource.Resource;

/**
 * Sees to it, before anybody asks the database for mail, that it has the schema of this package.
 * Flyway is woken up only for a database that lacks the newest migration.
 */
@Singleton
final class Migrations {
  private static final Logger LOG = System.getLogger(Migrations.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PREFIX = "V";
  private static final String SEPARATOR = "__";

  /** A connection that is being made is worth waiting for, but not needed. */
  private static final Duration SHORTLY = Duration.ofSeconds(1);

  private final Schema schema;
  private final FirstConnection first;
  private final Instance<Flyway> flyway;

  Migrations(Schema schema, FirstConnection first, Instance<Flyway> flyway) {
    this.schema = schema;
    this.first = first;
    this.flyway = flyway;
  }

  void apply(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    var newest = newest();
    if (!has(newest)) {
      LOG.log(Level.INFO, "The database lacks migration {0} and is brought up to it", newest);
      flyway.get().migrate();
    }
  }

  /** The newest migration that this package brings along. */
  private String newest() {
    var provider = flyway.get().getConfiguration().getResourceProvider();
    return provider.getResources(PREFIX, new String[] {".sql"}).stream()
        .map(Resource::getFilename)
        .map(name -> name.substring(PREFIX.length(), name.indexOf(SEPARATOR)))
        .max(Comparator.comparing(MigrationVersion::fromVersion))
        .orElseThrow(() -> new IllegalStateException("the package lacks its migrations"));
  }

  private boolean has(String version) {
    try {
      return first
          .tried()
          .ifNoItem()
          .after(SHORTLY)
          .fail()
          .onFailure()
          .recoverWithNull()
          .chain(() -> schema.has(version))
          .await()
          .atMost(PATIENCE);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the database does not answer in " + PATIENCE, e);
    }
  }
}
