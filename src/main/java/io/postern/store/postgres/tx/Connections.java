package io.postern.store.postgres.tx;

import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/**
 * The connections of a node to PostgreSQL, split over its event loops. Those for reads refuse to
 * write: a statement that changes something and is sent as a read fails each time, not only when
 * its connection breaks and it is sent again. Safe for all threads.
 */
public final class Connections {
  private static final Logger LOG = System.getLogger(Connections.class.getName());

  private final List<LoopConnections> all;
  private final Map<EventLoop, LoopConnections> ofLoop;
  private final AtomicInteger next = new AtomicInteger();

  private Connections(List<EventLoop> loops, List<LoopConnections> all) {
    this.all = all;
    var map = new HashMap<EventLoop, LoopConnections>();
    for (int i = 0; i < loops.size(); i++) {
      map.put(loops.get(i), all.get(i % all.size()));
    }
    this.ofLoop = Map.copyOf(map);
  }

  /** All event loops use this pool. */
  static Connections shared(Vertx vertx, Pool pool) {
    if (pool instanceof LoopPool it) {
      return it.connections();
    }
    var loops = loops(vertx);
    return new Connections(
        loops,
        loops.stream()
            .map(loop -> new LoopConnections(context(vertx, loop), Optional.empty(), pool, pool))
            .toList());
  }

  /**
   * Splits connections over the event loops. Nothing is opened before it is needed.
   *
   * @param options of all pools together: their size is the most connections of the node
   * @param databases with all options of a connection; the servers are tried in turn
   */
  public static LoopPool split(Vertx vertx, PoolOptions options, List<PgConnectOptions> databases) {
    var loops = loops(vertx);
    var shares = ConnectionShare.split(options.getMaxSize(), loops.size());
    if (shares.size() < loops.size()) {
      LOG.log(
          Level.WARNING,
          "Event loops share connections to the database: connections={0} eventLoops={1} needed={2}",
          options.getMaxSize(),
          loops.size(),
          ConnectionShare.LEAST * loops.size());
    }
    return new LoopPool(
        shares.isEmpty()
            ? shared(vertx, pool(vertx, options, databases))
            : new Connections(loops, split(vertx, options, databases, shares)));
  }

  private static List<LoopConnections> split(
      Vertx vertx,
      PoolOptions options,
      List<PgConnectOptions> databases,
      List<ConnectionShare> shares) {
    var readOnly = databases.stream().map(Connections::readOnly).toList();
    var loops = loops(vertx);
    var all = new ArrayList<LoopConnections>();
    for (int i = 0; i < shares.size(); i++) {
      var share = shares.get(i);
      var context = context(vertx, loops.get(i));
      var shortReads =
          new PipelinedConnection(context, inTurn(context, readOnly), lifetime(options));
      var reads = named(options, "long-reads-" + i, share.longReads());
      var writes = named(options, "writes-" + i, share.writes());
      all.add(
          new LoopConnections(
              context,
              Optional.of(shortReads),
              pool(vertx, reads, readOnly),
              pool(vertx, writes, databases)));
    }
    return List.copyOf(all);
  }

  private static PgConnectOptions readOnly(PgConnectOptions options) {
    var copy = new PgConnectOptions(options);
    copy.addProperty("default_transaction_read_only", "on");
    return copy;
  }

  /** A connection that a pool opens is on the event loop of the call that it opens it for. */
  private static PoolOptions named(PoolOptions options, String name, int size) {
    return new PoolOptions(options)
        .setName(name)
        .setShared(false)
        .setMaxSize(size)
        .setEventLoopSize(0);
  }

  private static Pool pool(Vertx vertx, PoolOptions options, List<PgConnectOptions> databases) {
    return PgBuilder.pool()
        .with(options)
        .connectingTo(databases.stream().<SqlConnectOptions>map(it -> it).toList())
        .using(vertx)
        .build();
  }

  private static Supplier<Future<PgConnection>> inTurn(
      ContextInternal context, List<PgConnectOptions> databases) {
    var turn = new AtomicInteger();
    return () ->
        PgConnection.connect(
            context.owner(),
            databases.get(Math.floorMod(turn.getAndIncrement(), databases.size())));
  }

  private static Optional<Duration> lifetime(PoolOptions options) {
    return Optional.of(options.getMaxLifetime())
        .filter(limit -> limit > 0)
        .map(limit -> Duration.of(limit, options.getMaxLifetimeUnit().toChronoUnit()));
  }

  private static List<EventLoop> loops(Vertx vertx) {
    var group = ((VertxInternal) vertx).getEventLoopGroup();
    return StreamSupport.stream(group.spliterator(), false).map(EventLoop.class::cast).toList();
  }

  private static ContextInternal context(Vertx vertx, EventLoop loop) {
    return ((VertxInternal) vertx)
        .createEventLoopContext(loop, null, Connections.class.getClassLoader());
  }

  /** Those of the caller's event loop; some loop's, if the caller is on none. */
  LoopConnections here() {
    var context = ContextInternal.current();
    var mine = context == null ? null : ofLoop.get(context.nettyEventLoop());
    return mine == null ? all.get(Math.floorMod(next.getAndIncrement(), all.size())) : mine;
  }

  /** How many short reads await an answer, on all event loops. */
  public int shortReadsInFlight() {
    return all.stream()
        .flatMap(loop -> loop.shortReads().stream())
        .mapToInt(PipelinedConnection::inFlight)
        .sum();
  }

  /** How many connections the pools have open, those for short reads apart. */
  int size() {
    return all.stream().mapToInt(LoopConnections::size).sum();
  }

  /** Closes all connections. */
  Future<Void> close() {
    return Future.join(all.stream().map(LoopConnections::close).toList()).mapEmpty();
  }
}
