package io.postern.embedded;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Restarts one bundled server when it ended although this process lives: at once, then after delays
 * that double from {@link #FIRST_DELAY} to {@link #LONGEST_DELAY}, at most {@link #MAX_TRIES}
 * times. A server that ran for {@link #STABLE} has its tries back. The state is published as a
 * system property, which {@code observe.BundledServersReadiness} reads.
 */
final class Supervisor {
  /** The most restarts before the server is given up: 43 seconds of delays together. */
  static final int MAX_TRIES = 10;

  static final Duration FIRST_DELAY = Duration.ofMillis(200);
  static final Duration LONGEST_DELAY = Duration.ofSeconds(10);

  /** A server that ran for so long did not end because of how it was started. */
  static final Duration STABLE = Duration.ofMinutes(1);

  private static final String STATE = "io.postern.embedded.state.";
  private static final String RUNNING = "running";
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Logger LOG = System.getLogger(Supervisor.class.getName());

  /** A server that can be started again. */
  interface Server {
    /** Its name in the log and in the health check. */
    String name();

    /** Whether its process is running. */
    boolean isAlive() throws IOException;

    /** Restarts it on its previous port; returns when it answers. */
    void restart() throws IOException, InterruptedException, ExecutionException;
  }

  private final Server server;
  private int tries;
  private long lastTry;
  private boolean givenUp;

  Supervisor(Server server) {
    this.server = server;
    publish(RUNNING);
  }

  /** Supervises the server from now on, on a daemon thread of its own. */
  static void start(Server server) {
    var thread =
        Thread.ofPlatform().daemon().name("bundled-" + server.name() + "-supervisor").factory();
    var scheduler = new ScheduledThreadPoolExecutor(1, thread);
    var supervisor = new Supervisor(server);
    var unused =
        scheduler.scheduleWithFixedDelay(
            () -> supervisor.checkNow(scheduler),
            POLL.toMillis(),
            POLL.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void checkNow(ScheduledExecutorService scheduler) {
    try {
      check(System.nanoTime());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      scheduler.shutdown();
    }
    if (givenUp) {
      scheduler.shutdown();
    }
  }

  /**
   * Checks the server once and restarts it if a try is due.
   *
   * @param now of a monotonic clock, in nanoseconds
   */
  void check(long now) throws InterruptedException {
    if (givenUp) {
      return;
    }
    if (isAlive()) {
      if (tries > 0 && now - lastTry >= STABLE.toNanos()) {
        tries = 0;
      }
      return;
    }
    if (tries == MAX_TRIES) {
      giveUp();
    } else if (tries == 0 || now - lastTry >= delayAfter(tries).toNanos()) {
      lastTry = now;
      tries++;
      restart();
    }
  }

  private boolean isAlive() {
    try {
      return server.isAlive();
    } catch (IOException e) {
      // The pid file cannot be read now; the next check decides.
      LOG.log(Level.DEBUG, () -> "Bundled server not checked: server=" + server.name() + " " + e);
      return true;
    }
  }

  /** The delay after a try, counted from 1. */
  static Duration delayAfter(int tries) {
    var delay = FIRST_DELAY.multipliedBy(1L << (tries - 1));
    return delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay;
  }

  private void restart() throws InterruptedException {
    var which = "server=" + server.name() + " try=" + tries + " of=" + MAX_TRIES;
    LOG.log(Level.WARNING, "Bundled server ended; it is started again: {0}", which);
    publish("restarting, try " + tries + " of " + MAX_TRIES);
    long start = System.nanoTime();
    try {
      server.restart();
    } catch (IOException | ExecutionException | RuntimeException e) {
      LOG.log(Level.WARNING, "Bundled server did not start: " + which, e);
      return;
    }
    var millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    LOG.log(
        Level.INFO,
        "Bundled server answers again: {0} milliseconds={1}",
        which,
        Long.toString(millis));
    publish(RUNNING);
  }

  private void giveUp() {
    givenUp = true;
    LOG.log(
        Level.ERROR,
        "Bundled server is not started again: server={0} tries={1}; its log is in the data"
            + " directory; start Postern again when the cause is mended",
        server.name(),
        MAX_TRIES);
    publish("given up after " + MAX_TRIES + " tries");
  }

  private void publish(String state) {
    System.setProperty(STATE + server.name(), state);
  }
}
