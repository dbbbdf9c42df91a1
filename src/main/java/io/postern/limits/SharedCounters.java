package io.postern.limits;

import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Counters over all replicas together. Each replica keeps its own counts in a hash that lives as
 * long as its lease. One script checks the limit and writes the count, so that of two replicas that
 * take the last one at once, one succeeds.
 */
final class SharedCounters {
  /** The answer to a request for one more. */
  sealed interface Reservation {
    /** One more is counted. */
    record Taken() implements Reservation {}

    /**
     * The limit is reached.
     *
     * @param busiest the other replica with the highest count; empty when none has any
     */
    record Full(String busiest) implements Reservation {}
  }

  /** How long the counts of a replica remain when it no longer renews them. */
  static final Duration LEASE = Duration.ofSeconds(15);

  private static final String NODES = "{postern}:nodes";
  private static final String NODE = "{postern}:node:";
  private static final int BATCH = 200;
  // A value of the wrong type under one of our keys is another program's, and is deleted.
  private static final String NOW =
      """
      local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)
      local function clear(key, wanted)
        local is = redis.call('TYPE', key).ok
        if is ~= wanted and is ~= 'none' then redis.call('DEL', key) end
      end
      clear(KEYS[1], 'zset')
      clear(KEYS[2] .. ARGV[1], 'hash')
      """;

  // KEYS: nodes, prefix of a node's hash; ARGV: this node, the counter, this node's count including
  // the new one, limit, lease
  private static final String TAKE =
      NOW
          + """
          local others, busiest, most = 0, '', 0
          for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf')) do
            if node ~= ARGV[1] then
              local n = redis.pcall('HGET', KEYS[2] .. node, ARGV[2])
              n = type(n) == 'string' and string.match(n, '^%d+$') and tonumber(n) or 0
              others = others + n
              if n > most then busiest, most = node, n end
            end
          end
          if others + tonumber(ARGV[3]) > tonumber(ARGV[4]) then return 'full ' .. busiest end
          redis.call('HSET', KEYS[2] .. ARGV[1], ARGV[2], ARGV[3])
          redis.call('PEXPIRE', KEYS[2] .. ARGV[1], ARGV[5])
          redis.call('ZADD', KEYS[1], now + tonumber(ARGV[5]), ARGV[1])
          return 'taken'
          """;

  // ARGV: this node, lease
  private static final String RENEW =
      NOW
          + """
          redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 1)
          redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
          return redis.call('PEXPIRE', KEYS[2] .. ARGV[1], ARGV[2])
          """;

  private final ClusterBus bus;
  private final String lease;

  // Confined to the bus's context.
  private final Map<String, Integer> own = new HashMap<>();
  private final Set<String> unpublished = new HashSet<>();
  private boolean publishing;

  SharedCounters(ClusterBus bus) {
    this(bus, LEASE);
  }

  SharedCounters(ClusterBus bus, Duration lease) {
    this.bus = bus;
    this.lease = Long.toString(lease.toMillis());
    bus.whenUp(this::publishAll);
    bus.eachTick(this::renew);
  }

  /**
   * Counts one more, if that is within the limit. Never fails; while Redis cannot be reached, only
   * this replica's count is checked.
   */
  Uni<Reservation> take(String what, int limit) {
    if (limit == Integer.MAX_VALUE) {
      bus.run(() -> add(what, 1));
      return Uni.createFrom().item(new Reservation.Taken());
    }
    return Uni.createFrom()
        .voidItem()
        .emitOn(bus::run)
        .chain(
            () -> {
              // The script itself writes the count if it is taken.
              int mine = own.merge(what, 1, Integer::sum);
              return bus.evaluate(TAKE, List.of(NODES, NODE), arguments(what, mine, limit))
                  .map(
                      answer ->
                          answer.map(SharedCounters::read).orElseGet(() -> alone(what, limit)));
            })
        .invoke(
            answer -> {
              if (answer instanceof Reservation.Full) {
                add(what, -1);
              }
            });
  }

  /** Counts one less. */
  void release(String what) {
    bus.run(() -> add(what, -1));
  }

  private List<String> arguments(String what, int mine, int limit) {
    return List.of(bus.node(), what, Integer.toString(mine), Integer.toString(limit), lease);
  }

  private Reservation alone(String what, int limit) {
    int mine = add(what, 0);
    return mine > limit ? new Reservation.Full("") : new Reservation.Taken();
  }

  private static Reservation read(Response answer) {
    var text = answer.toString();
    return text.startsWith("full ")
        ? new Reservation.Full(text.substring(5))
        : new Reservation.Taken();
  }

  private int add(String what, int more) {
    int count = own.merge(what, more, Integer::sum);
    if (count <= 0) {
      own.remove(what);
    }
    unpublished.add(what);
    if (!publishing) {
      publishing = true;
      bus.run(this::publish);
    }
    return count;
  }

  private void renew() {
    var _ =
        bus.evaluate(RENEW, List.of(NODES, NODE), List.of(bus.node(), lease))
            .subscribe()
            .with(
                answer ->
                    renewed(
                        answer
                            .filter(it -> it.type() == ResponseType.NUMBER)
                            .map(Response::toInteger)));
  }

  /** Writes the hash again when it expired with a late lease, or was lost with Redis. */
  private void renewed(Optional<Integer> found) {
    if (found.filter(it -> it == 0).isPresent() && !own.isEmpty()) {
      unpublished.addAll(own.keySet());
      publish();
    }
  }

  private void publishAll() {
    bus.send(Request.cmd(Command.DEL).arg(NODE + bus.node()));
    unpublished.addAll(own.keySet());
    publish();
    renew();
  }

  /** Counts that changed in one iteration of the event loop are published in one command. */
  private void publish() {
    publishing = false;
    if (!bus.isUp()) {
      unpublished.clear();
      return;
    }
    var set = Request.cmd(Command.HSET).arg(NODE + bus.node());
    var delete = Request.cmd(Command.HDEL).arg(NODE + bus.node());
    int sets = 0;
    int deletions = 0;
    var batch = unpublished.stream().limit(BATCH).toList();
    for (var what : batch) {
      var count = Optional.ofNullable(own.get(what));
      if (count.isPresent()) {
        set.arg(what).arg(count.get());
        sets++;
      } else {
        delete.arg(what);
        deletions++;
      }
    }
    batch.forEach(unpublished::remove);
    if (sets > 0) {
      bus.send(set);
      bus.send(Request.cmd(Command.PEXPIRE).arg(NODE + bus.node()).arg(lease));
    }
    if (deletions > 0) {
      bus.send(delete);
    }
    if (!unpublished.isEmpty()) {
      publishing = true;
      bus.run(this::publish);
    }
  }
}
