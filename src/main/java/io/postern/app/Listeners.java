package io.postern.app;

import io.postern.app.ListenerPlan.Door;
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
  private static final Duration CUTTING = Duration.ofSeconds(10);

  /** An open binding. */
  record Opened(Door door, Listener listener) {}

  /** A draining binding. */
  private record Leaving(Opened opened, AtomicBoolean gone) {}

  private final ListenerPlan plan;
  private final Live live;
  private final ReentrantLock turn = new ReentrantLock();
  private final List<Opened> open = new CopyOnWriteArrayList<>();
  private final Map<Door, Leaving> leaving = new ConcurrentHashMap<>();
  private final Map<Door, String> failed = new ConcurrentHashMap<>();

  Listeners(ListenerPlan plan, Live live) {
    this.plan = plan;
    this.live = live;
  }

  /** The listeners that accept connections. */
  List<Opened> open() {
    return List.copyOf(open);
  }

  /** Why configured bindings could not be opened, one text each. */
  List<String> failures() {
    return failed.values().stream().sorted().toList();
  }

  /**
   * Opens the configured bindings of the admitted services, and drains the others.
   *
   * @param spread the time over which their sessions leave
   */
  void bring(Predicate<MailProtocol> admitted, Function<MailProtocol, Duration> spread) {
    turn.lock();
    try {
      finish();
      var asked = plan.wanted().stream().filter(it -> admitted.test(it.protocol())).toList();
      failed.keySet().retainAll(asked);
      var wanted = able(asked);
      open.stream()
          .filter(it -> !wanted.contains(it.door))
          .forEach(it -> release(it, spread.apply(it.door.protocol())));
      var lacking = new ArrayList<>(wanted);
      open.forEach(it -> lacking.remove(it.door));
      lacking.forEach(this::obtain);
    } finally {
      turn.unlock();
    }
  }

  private List<Door> able(List<Door> asked) {
    var able = new ArrayList<Door>();
    for (var door : asked) {
      plan.problem(door).ifPresentOrElse(why -> fail(door, why), () -> able.add(door));
    }
    return able;
  }

  private void fail(Door door, String why) {
    if (!why.equals(failed.put(door, why))) {
      LOG.log(Level.ERROR, "{0}; it is tried again", why);
    }
  }

  private void release(Opened it, Duration spread) {
    LOG.log(Level.INFO, "{0} takes no more connections", it.listener);
    open.remove(it);
    var going = new Leaving(it, new AtomicBoolean());
    leaving.put(it.door, going);
    drained(it, spread).subscribe().with(gone -> going.gone.set(true));
  }

  private Uni<Void> drained(Opened it, Duration spread) {
    return it.listener.drain(spread, live.now().drain().lastCommand());
  }

  private void obtain(Door door) {
    var back = Optional.ofNullable(leaving.remove(door));
    if (back.isPresent()) {
      back.get().opened.listener.resume();
      open.add(back.get().opened);
      return;
    }
    // Draining listeners on a colliding address are closed at once.
    leaving.values().stream().filter(it -> it.opened.door.collides(door)).forEach(this::close);
    try {
      var listener = plan.listener(door);
      listener.start().await().atMost(BINDING);
      open.add(new Opened(door, listener));
      failed.remove(door);
      LOG.log(Level.DEBUG, "{0} takes connections", listener);
    } catch (CompletionException | TimeoutException | IllegalStateException e) {
      var cause = Objects.requireNonNullElse(e.getCause(), e);
      fail(door, "The server cannot listen: " + door + ": " + cause.getMessage());
    }
  }

  /** Releases the addresses of drained listeners without sessions. */
  private void finish() {
    leaving.values().stream().filter(it -> it.gone.get()).forEach(this::close);
  }

  private void close(Leaving it) {
    leaving.remove(it.opened.door);
    close(List.of(it.opened.listener.stop()));
  }

  private static void close(List<Uni<Void>> farewells) {
    if (farewells.isEmpty()) {
      return;
    }
    try {
      Uni.join().all(farewells).andCollectFailures().await().atMost(BINDING);
    } catch (TimeoutException _) {
      LOG.log(Level.WARNING, "Some sessions did not go in time and are cut");
    } catch (CompletionException e) {
      LOG.log(Level.WARNING, "A listener did not close well", e);
    }
  }

  /** Drains all listeners, and returns when their sessions have ended or their time is over. */
  void end(Duration spread) {
    turn.lock();
    try {
      var all = new LinkedHashMap<Door, Opened>();
      leaving.values().forEach(it -> all.put(it.opened.door, it.opened));
      open.forEach(it -> all.put(it.door, it));
      open.clear();
      leaving.clear();
      var drains = all.values().stream().map(it -> drained(it, spread)).toList();
      if (!drains.isEmpty()) {
        await(drains, spread.plus(live.now().drain().lastCommand()).plus(CUTTING));
      }
      close(all.values().stream().map(it -> it.listener.stop()).toList().reversed());
    } finally {
      turn.unlock();
    }
  }

  private static void await(List<Uni<Void>> drains, Duration most) {
    try {
      Uni.join().all(drains).andCollectFailures().await().atMost(most);
    } catch (TimeoutException _) {
      LOG.log(Level.WARNING, "Some sessions did not leave in time");
    }
  }

  /** Drains the draining listeners of the service at once. */
  void hurry(MailProtocol protocol) {
    leaving.values().stream()
        .filter(it -> it.opened.door.protocol() == protocol)
        .forEach(it -> drained(it.opened, Duration.ZERO).subscribe().with(_ -> it.gone.set(true)));
  }
}
