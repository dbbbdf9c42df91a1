package io.postern.store.postgres.schema;

import io.postern.store.postgres.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;

/**
 * The number of the site that a database belongs to. Ids of accounts, mailboxes and contents leave
 * it as the remainder when divided by 1,024, so that no two sites give the same one.
 */
public final class SiteNumber {
  private static final String STORED = "SELECT number FROM site_number";

  /** Changes something only if the database has no number. */
  private static final String CLAIM = "SELECT claim_site_number($1)";

  private final Tx tx;

  public SiteNumber(Tx tx) {
    this.tx = tx;
  }

  /**
   * The same; fails with {@link IllegalStateException} when the database has another number.
   *
   * @param wanted {@code mail.site.number}
   */
  public Uni<Void> require(int wanted) {
    return claim(wanted)
        .invoke(
            stored -> {
              if (stored != wanted) {
                throw new IllegalStateException(
                    "mail.site.number is %d, but the database is that of the site with number %d"
                        .formatted(wanted, stored));
              }
            })
        .replaceWithVoid();
  }

  /**
   * Gives the database the number, if it has none. Ids that were given before stay as they are.
   *
   * @param wanted 1 to 1,023
   * @return the number that the database has; fails with {@code Unavailable} when it does not
   *     answer
   */
  public Uni<Integer> claim(int wanted) {
    return tx.autocommit(client -> client.preparedQuery(STORED).execute())
        .chain(
            rows ->
                rows.size() > 0
                    ? Uni.createFrom().item((int) rows.iterator().next().getShort(0))
                    : tx.update(client -> client.preparedQuery(CLAIM).execute(Tuple.of(wanted)))
                        .map(claimed -> claimed.iterator().next().getInteger(0)));
  }
}
