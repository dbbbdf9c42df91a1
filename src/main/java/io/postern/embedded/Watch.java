package io.postern.embedded;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.ref.Reference;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Ends the servers with this process, however it ends: a shell waits for the end of a pipe that
 * only this process holds open. A shutdown hook would not see {@code kill -9}, and would take the
 * database away while connections are still being drained.
 */
final class Watch {

  /** Signals meant for this process are not for the watch: it is needed until after the end. */
  private static final String WAIT = "trap '' INT TERM HUP; cat >/dev/null; ";

  /** SIGINT is PostgreSQL's fast shutdown: it rolls back, writes a checkpoint and goes. */
  private static final String STOP_KEPT = "kill -INT $1; kill -TERM $2";

  private static final String STOP_PASSING = "kill -KILL $2; kill -QUIT $1; ";

  /** SIGQUIT is PostgreSQL's immediate shutdown; its directory goes when it has gone. */
  private static final String DELETE =
      "n=0; while kill -0 $1 && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done; rm -rf \"$3\"";

  private Watch() {}

  /**
   * Sets a watch over two servers of a place.
   *
   * @param lock stays open for as long as this process lives
   */
  static void over(Place place, long postgres, long redis, FileChannel lock) throws IOException {
    var script = WAIT + (place.temporary() ? STOP_PASSING + DELETE : STOP_KEPT);
    var words = List.of("sh", "-c", script, "postern-watch");
    var arguments =
        List.of(Long.toString(postgres), Long.toString(redis), place.directory().toString());
    var watch =
        Commands.builder(words, arguments)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start();
    Thread.ofPlatform()
        .daemon()
        .name("bundled-servers-keeper")
        .start(new Keeper(List.of(watch, lock)));
  }

  /**
   * Keeps things from the garbage collector, which would close them: the pipe and the lock. A
   * static field would not, as live reload drops this class and loads another.
   */
  private record Keeper(List<Object> things) implements Runnable {
    @Override
    public void run() {
      var never = new CountDownLatch(1);
      try {
        never.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      } finally {
        Reference.reachabilityFence(things);
      }
    }
  }
}
