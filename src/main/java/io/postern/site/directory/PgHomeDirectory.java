package io.postern.site.directory;

import io.postern.model.Home;
import io.postern.site.HomeDirectory;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The directory of homes in PostgreSQL, in the schema {@code directory}. Safe for all threads. */
public final class PgHomeDirectory implements HomeDirectory {
  private static final String FIND =
      "SELECT name, site, epoch, verifier, scram, app_passwords FROM directory.home"
          + " WHERE name = $1";

  // Of an account that belongs to another site nothing is changed, and its name is returned.
  private static final String PUBLISH =
      """
      WITH given AS (
        SELECT name, verifier, nullif(scram, '') AS scram, string_to_array(app, ' ') AS app
          FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS t(name, verifier, scram, app)
      ), stored AS (
        INSERT INTO directory.home AS h (name, site, verifier, scram, app_passwords)
        SELECT name, $1, verifier, scram, app FROM given ORDER BY name
        ON CONFLICT (name) DO UPDATE
          SET verifier = excluded.verifier, scram = excluded.scram,
              app_passwords = excluded.app_passwords, changed = now()
          WHERE h.site = excluded.site
            AND (h.verifier, h.scram, h.app_passwords)
                IS DISTINCT FROM (excluded.verifier, excluded.scram, excluded.app_passwords)
      )
      SELECT h.name FROM directory.home h JOIN given USING (name) WHERE h.site <> $1
      """;

  private static final String MOVE =
      "UPDATE directory.home SET site = $4, epoch = epoch + 1, changed = now()"
          + " WHERE name = $1 AND site = $2 AND epoch = $3";

  private final Supplier<Pool> pool;
  private final Duration patience;

  /**
   * @param pool called at each use
   * @param patience how long an answer may take
   */
  public PgHomeDirectory(Supplier<Pool> pool, Duration patience) {
    this.pool = pool;
    this.patience = patience;
  }

  @Override
  public Uni<Optional<Entry>> find(String name) {
    return ask(FIND, Tuple.of(name))
        .map(rows -> rows.size() == 0 ? Optional.empty() : Optional.of(entry(rows)));
  }

  private static Entry entry(RowSet<Row> rows) {
    var row = rows.iterator().next();
    var scram = Optional.ofNullable(row.getString("scram")).map(Secret::new);
    return new Entry(
        row.getString("name"),
        new Home(row.getString("site"), row.getLong("epoch")),
        new Verifiers(new Secret(row.getString("verifier")), scram),
        Arrays.stream(row.getArrayOfStrings("app_passwords")).map(Secret::new).toList());
  }

  @Override
  public Uni<List<String>> publish(String site, List<Published> accounts) {
    var names = accounts.stream().map(Published::name).toArray(String[]::new);
    var hashes =
        accounts.stream().map(it -> it.verifiers().password().reveal()).toArray(String[]::new);
    var scram =
        accounts.stream()
            .map(it -> it.verifiers().scram().map(Secret::reveal).orElse(""))
            .toArray(String[]::new);
    // Verifiers of app passwords contain no space.
    var app =
        accounts.stream()
            .map(it -> String.join(" ", it.appPasswords().stream().map(Secret::reveal).toList()))
            .toArray(String[]::new);
    return ask(PUBLISH, Tuple.of(site, names, hashes, scram, app))
        .map(
            rows -> {
              var others = new ArrayList<String>();
              rows.forEach(row -> others.add(row.getString("name")));
              return List.copyOf(others);
            });
  }

  @Override
  public Uni<Boolean> move(String name, Home before, String site) {
    return ask(MOVE, Tuple.of(name, before.site(), before.epoch(), site))
        .map(rows -> rows.rowCount() > 0);
  }

  private Uni<RowSet<Row>> ask(String sql, Tuple values) {
    return Uni.createFrom()
        .completionStage(() -> answer(sql, values).toCompletionStage())
        .onFailure()
        .transform(
            why ->
                new StoreException(
                    new StoreFailure.Unavailable(
                        "the directory of homes gave no answer: " + why.getMessage()),
                    why));
  }

  private Future<RowSet<Row>> answer(String sql, Tuple values) {
    return pool.get()
        .preparedQuery(sql)
        .execute(values)
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
