package io.postern.app;

import io.postern.app.ListenerPlan.PlannedListener;
import io.postern.config.Live;
import io.postern.model.MailProtocol;
import io.postern.wire.transport.Listener;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The listeners of this node: open ones, and draining ones, whose sessions leave one after the
 * other. Methods that change them block and hold a lock; queries do neither.
 */
@Singleton
class Listeners {
  private static final Logger LOG = System.getLogger(Listeners.class.getName());

  /** How long binding one address, or releasing it, may take. */
  private static final Duration BINDING = Duration.ofSeconds(30);

  /** How long sessions may take beyond the settings before they are closed. */
  private static final Duration CLOSING = Duration.ofSeconds(10);

  /** A listener that was started. */
  record Opened(PlannedListener planned, Listener listener) {}

  /** A draining listener. */
  private record Draining(Opened opened, AtomicBoolean drained) {}

  private final ListenerPlan plan;
  private final Live live;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Opened> open = new CopyOnWriteArrayList<>();
  private final Map<PlannedListener, Draining> draining = new ConcurrentHashMap<>();
  private final Map<PlannedListener, String> failed = new ConcurrentHashMap<>();

  Listeners(ListenerPlan plan, Live live) {
    this.plan = plan;
    this.live = live;
  }

  /** The listeners that accept connections. */
  List<Opened> open() {
    return List.copyOf(open);
  }

  /** Why configured listeners could not be started, one text each. */
  List<String> failures() {
    return failed.values().stream().sorted().toList();
  }

  /**
   * Starts the configured listeners of the admitted services, and drains the others.
   *
   * @param spread the time over which their sessions leave
   */
  void apply(Predicate<MailProtocol> admitted, Function<MailProtocol, Duration> spread) {
    lock.lock();
    try {
      finish();
      var requested = plan.planned().stream().filter(it -> admitted.test(it.protocol())).toList();
      failed.keySet().retainAll(requested);
      var wanted = possible(requested);
      open.stream()
          .filter(it -> !wanted.contains(it.planned))
          .forEach(it -> drain(it, spread.apply(it.planned.protocol())));
      var missing = new ArrayList<>(wanted);
      open.forEach(it -> missing.remove(it.planned));
      missing.forEach(this::open);
    } finally {
      lock.unlock();
    }
  }

  private List<PlannedListener> possible(List<PlannedListener> requested) {
    var possible = new ArrayList<PlannedListener>();
    for (var planned : requested) {
      plan.problem(planned).ifPresentOrElse(why -> fail(planned, why), () -> possible.add(planned));
    }
    return possible;
  }

  private void fail(PlannedListener planned, String why) {
    if (!why.equals(failed.put(planned, why))) {
      LOG.log(Level.ERROR, "{0}; it is tried again every second", why);
    }
  }

  private void drain(Opened it, Duration spread) {
    LOG.log(Level.INFO, "{0} accepts no more connections", it.listener);
    open.remove(it);
    var leaving = new Draining(it, new AtomicBoolean());
    draining.put(it.planned, leaving);
    drained(it, spread).subscribe().with(_ -> leaving.drained.set(true));
  }

  private Uni<Void> drained(Opened it, Duration spread) {
    return it.listener.drain(spread, live.now().drain().lastCommand());
  }

  private void open(PlannedListener planned) {
    var back = Optional.ofNullable(draining.remove(planned));
    if (back.isPresent()) {
      back.get().opened.listener.resume();
      open.add(back.get().opened);
      return;
    }
    // Draining listeners on a colliding address are closed at once.
    draining.values().stream()
        .filter(it -> it.opened.planned.collides(planned))
        .forEach(this::close);
    try {
      var listener = plan.create(planned);
      listener.start().await().atMost(BINDING);
      open.add(new Opened(planned, listener));
      failed.remove(planned);
      LOG.log(Level.DEBUG, "{0} accepts connections", listener);
    } catch (CompletionException | TimeoutException | IllegalStateException e) {
      var cause = Objects.requireNonNullElse(e.getCause(), e);
      fail(planned, "The server cannot listen: " + planned + ": " + cause.getMessage());
    }
  }

  /** Releases the addresses of drained listeners without sessions. */
  private void finish() {
    draining.values().stream().filter(it -> it.drained.get()).forEach(this::close);
  }

  private void close(Draining it) {
    draining.remove(it.opened.planned);
    close(List.of(it.opened.listener.stop()));
  }

  private static void close(List<Uni<Void>> stops) {
    if (stops.isEmpty()) {
      return;
    }
    try {
      Uni.join().all(stops).andCollectFailures().await().atMost(BINDING);
    } catch (TimeoutException _) {
      LOG.log(Level.WARNING, "Some sessions did not end in time; their connections are closed");
    } catch (CompletionException e) {
      LOG.log(Level.WARNING, "A listener failed to close", e);
    }
  }

  /** Drains all listeners, and returns when their sessions have ended or their time is over. */
  void end(Duration spread) {
    lock.lock();
    try {
      var all = new LinkedHashMap<PlannedListener, Opened>();
      draining.values().forEach(it -> all.put(it.opened.planned, it.opened));
      open.forEach(it -> all.put(it.planned, it));
      open.clear();
      draining.clear();
      var drains = all.values().stream().map(it -> drained(it, spread)).toList();
      if (!drains.isEmpty()) {
        await(drains, spread.plus(live.now().drain().lastCommand()).plus(CLOSING));
      }
      close(all.values().stream().map(it -> it.listener.stop()).toList().reversed());
    } finally {
      lock.unlock();
    }
  }

  private static void await(List<Uni<Void>> drains, Duration most) {
    try {
      Uni.join().all(drains).andCollectFailures().await().atMost(most);
    } catch (TimeoutException _) {
      LOG.log(Level.WARNING, "Some sessions did not end in time");
    }
  }

  /** Drains the draining listeners of the service without spreading. */
  void drainNow(MailProtocol protocol) {
    draining.values().stream()
        .filter(it -> it.opened.planned.protocol() == protocol)
        .forEach(
            it -> drained(it.opened, Duration.ZERO).subscribe().with(_ -> it.drained.set(true)));
  }
}
