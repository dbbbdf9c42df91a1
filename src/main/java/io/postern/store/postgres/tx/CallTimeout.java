package io.postern.store.postgres.tx;

import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long a call of the database may take. A database that vanishes silently leaves calls without
 * an answer: after this time the call fails, and its connection is closed, as its state is unknown.
 *
 * @param limit at least a second
 */
public record CallTimeout(Duration limit) {
  /** What {@code mail.store.call-timeout} is when not set. */
  public static final CallTimeout DEFAULT = new CallTimeout(Duration.ofSeconds(30));

  /** How long the server has to report a cancelled statement before its silence counts. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  /**
   * Configures the pool: it closes connections idle for half that time, long before their sockets
   * are closed for silence. Otherwise a call could get a connection at the moment it is closed.
   */
  public PoolOptions on(PoolOptions options) {
    int unused = (int) limit.dividedBy(2).toMillis();
    boolean sooner =
        options.getIdleTimeout() > 0
            && options.getIdleTimeoutUnit().toMillis(options.getIdleTimeout()) < unused;
    return sooner
        ? options
        : new PoolOptions(options).setIdleTimeoutUnit(TimeUnit.MILLISECONDS).setIdleTimeout(unused);
  }

  /**
   * Configures the connections: the server cancels a statement that takes longer, and a socket that
   * is silent for two seconds more is closed. Silence in both directions counts, so a statement on
   * a connection long unused has its full time. Statements are not compiled.
   */
  public <O extends SqlConnectOptions> O on(O options) {
    options
        .addProperty("statement_timeout", Long.toString(limit.toMillis()))
        // No statement here is worth compiling: a wrong estimate of its rows would cost 100 ms.
        .addProperty("jit", "off")
        .setIdleTimeout((int) limit.plus(GRACE).toSeconds());
    return options;
  }
}
