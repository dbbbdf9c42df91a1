package io.postern.store.postgres.tx;

import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long a call of the database may take. A database that vanishes without a word leaves calls
 * that nothing answers: after this time the caller is told so, and the connection that it waits on
 * is closed, for nobody can know in what state it is.
 *
 * @param limit at least a second
 */
public record CallTimeout(Duration limit) {
  /** What {@code mail.store.call-timeout} is when not set. */
  public static final CallTimeout USUAL = new CallTimeout(Duration.ofSeconds(30));

  /** How long the server has to say that it gave a statement up, before its silence counts. */
  private static final Duration LAST_WORD = Duration.ofSeconds(2);

  /**
   * Says it to the pool: it lets go of what nobody used for half that time, long before the socket
   * is cut for its silence. Otherwise somebody could be given a connection in the moment of the
   * cut.
   */
  public PoolOptions on(PoolOptions given) {
    int unused = (int) limit.dividedBy(2).toMillis();
    boolean sooner =
        given.getIdleTimeout() > 0
            && given.getIdleTimeoutUnit().toMillis(given.getIdleTimeout()) < unused;
    return sooner
        ? given
        : new PoolOptions(given).setIdleTimeoutUnit(TimeUnit.MILLISECONDS).setIdleTimeout(unused);
  }

  /**
   * Says it to the connections: the server gives a statement up that takes longer, and a socket
   * that is silent for two seconds more is closed. It is silence in both directions that counts, so
   * a statement on a connection long unused has its full time. Statements are not compiled.
   */
  public <O extends SqlConnectOptions> O on(O options) {
    options
        .addProperty("statement_timeout", Long.toString(limit.toMillis()))
        // No statement here is worth compiling: a wrong estimate of its rows would cost 100 ms.
        .addProperty("jit", "off")
        .setIdleTimeout((int) limit.plus(LAST_WORD).toSeconds());
    return options;
  }
}
