package io.postern.limits;

import io.postern.config.component.ProtocolLogRequests;
import io.postern.config.net.Networks;
import io.postern.model.MailProtocol;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Requests that all replicas share. Each is published when it is added, and again every minute by
 * the replica that added it, for replicas that started since. Without Redis they apply to one
 * replica.
 */
public final class SharedProtocolLogRequests implements ProtocolLogRequests {
  private static final Logger LOG = System.getLogger(SharedProtocolLogRequests.class.getName());

  /** The words of the messages between replicas; earlier versions ignore them. */
  private static final String ADD = "log";

  private static final String REMOVE = "unlog";

  /** One in so many ticks of the bus publishes the own requests again. */
  private static final int TICKS = 12;

  private record Active(Request request, Networks networks) {
    boolean concerns(MailProtocol protocol, Instant now) {
      return now.isBefore(request.until()) && request.protocol().orElse(protocol) == protocol;
    }

    boolean concerns(Optional<String> user, String address) {
      boolean ofUser =
          request.user().isEmpty()
              || user.filter(it -> it.equalsIgnoreCase(request.user().get())).isPresent();
      return ofUser && (request.network().isEmpty() || networks.contains(address));
    }
  }

  private final ClusterBus bus;
  private final InstantSource clock;
  private final Map<String, Active> active = new ConcurrentHashMap<>();

  /** The ids of the requests that this replica publishes. */
  private final Map<String, Instant> own = new ConcurrentHashMap<>();

  // Confined to the bus's context.
  private int ticks;

  public SharedProtocolLogRequests(ClusterBus bus, InstantSource clock) {
    this.bus = bus;
    this.clock = clock;
    bus.subscribe(this::received);
    bus.eachTick(this::tick);
  }

  @Override
  public List<Request> all() {
    var now = clock.instant();
    return active.values().stream()
        .map(Active::request)
        .filter(it -> now.isBefore(it.until()))
        .sorted(Comparator.comparing(Request::id))
        .toList();
  }

  @Override
  public boolean add(Request request) {
    if (!put(request)) {
      return false;
    }
    own.put(request.id(), request.until());
    publish(request);
    return true;
  }

  private boolean put(Request request) {
    expire();
    if (active.size() >= MAX_REQUESTS && !active.containsKey(request.id())) {
      return false;
    }
    var networks = Networks.parse(request.network().stream().toList());
    active.put(request.id(), new Active(request, networks));
    return true;
  }

  @Override
  public boolean remove(String id) {
    own.remove(id);
    boolean known = active.remove(id) != null;
    if (known) {
      bus.publish(REMOVE + " " + id);
    }
    return known;
  }

  @Override
  public boolean concern(MailProtocol protocol) {
    if (active.isEmpty()) {
      return false;
    }
    var now = clock.instant();
    return active.values().stream().anyMatch(it -> it.concerns(protocol, now));
  }

  @Override
  public boolean concern(MailProtocol protocol, Optional<String> user, String address) {
    var now = clock.instant();
    return active.values().stream()
        .anyMatch(it -> it.concerns(protocol, now) && it.concerns(user, address));
  }

  private void expire() {
    var now = clock.instant();
    active.values().removeIf(it -> !now.isBefore(it.request.until()));
    own.values().removeIf(until -> !now.isBefore(until));
  }

  private void tick() {
    expire();
    ticks++;
    if (ticks >= TICKS) {
      ticks = 0;
      own.keySet().stream()
          .flatMap(id -> Optional.ofNullable(active.get(id)).stream())
          .forEach(it -> publish(it.request));
    }
  }

  private void publish(Request request) {
    var message = new JsonObject().put("id", request.id()).put("until", request.until().toString());
    request.protocol().ifPresent(it -> message.put("protocol", it.label()));
    request.user().ifPresent(it -> message.put("user", it));
    request.network().ifPresent(it -> message.put("network", it));
    bus.publish(ADD + " " + message.encode());
  }

  /** Called also with the messages of this replica, which change nothing again. */
  private void received(String message) {
    var words = message.split(" ", 2);
    if (words.length == 2 && words[0].equals(ADD)) {
      try {
        put(request(new JsonObject(words[1])));
      } catch (DecodeException
          | DateTimeException
          | ClassCastException
          | IllegalArgumentException e) {
        LOG.log(Level.WARNING, "A request of the protocol log cannot be read: {0}", e.toString());
      }
    } else if (words.length == 2 && words[0].equals(REMOVE)) {
      own.remove(words[1]);
      active.remove(words[1]);
    }
  }

  private static Request request(JsonObject message) {
    return new Request(
        message.getString("id", ""),
        Optional.ofNullable(message.getString("protocol")).flatMap(MailProtocol::of),
        Optional.ofNullable(message.getString("user")).map(it -> it.toLowerCase(Locale.ROOT)),
        Optional.ofNullable(message.getString("network")),
        Instant.parse(message.getString("until", "")));
  }
}
