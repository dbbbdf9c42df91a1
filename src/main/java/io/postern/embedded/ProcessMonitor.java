package io.postern.embedded;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.ref.Reference;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Ends the servers with this process, however it ends: a shell waits for the end of a pipe that
 * only this process holds open. A shutdown hook would not run after {@code kill -9}, and would end
 * the database while connections are still being drained.
 */
final class ProcessMonitor {

  /** The monitor ignores signals meant for this process, which it must outlive. */
  private static final String WAIT = "trap '' INT TERM HUP; cat >/dev/null; ";

  /**
   * Sends the signal $1 to the server that the pid file $2 names now: a restarted server has
   * another number. The number may meanwhile belong to another program, whose command line does not
   * begin with $binaries.
   */
  private static final String SEND =
      "binaries=$4; send() { read -r pid < \"$2\" && case \"$(tr '\\0' ' ' < /proc/$pid/cmdline)\""
          + " in \"$binaries\"/*) kill -$1 $pid;; *) false;; esac; }; ";

  /** SIGINT is PostgreSQL's fast shutdown: it rolls back, writes a checkpoint and ends. */
  private static final String STOP_PERSISTENT = "send INT \"$1\"; send TERM \"$2\"; ";

  /** SIGQUIT is PostgreSQL's immediate shutdown. */
  private static final String STOP_TEMPORARY = "send KILL \"$2\"; send QUIT \"$1\"; ";

  /** A server that was starting when this process ended has its pid file now. */
  private static final String LATER = "sleep 1; ";

  /** Deletes the directory when PostgreSQL has ended. */
  private static final String DELETE =
      "n=0; while send 0 \"$1\" && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done; rm -rf \"$3\"";

  private ProcessMonitor() {}

  /**
   * Starts the monitor of the two servers of a data directory.
   *
   * @param lock stays open for as long as this process lives
   */
  static void start(DataDirectory directory, Path postgres, Path redis, FileChannel lock)
      throws IOException {
    var stop = directory.temporary() ? STOP_TEMPORARY : STOP_PERSISTENT;
    var script = WAIT + SEND + stop + LATER + stop + (directory.temporary() ? DELETE : "");
    var words = List.of("sh", "-c", script, "postern-watch");
    var arguments =
        List.of(
            postgres.toString(),
            redis.toString(),
            directory.directory().toString(),
            directory.binaries().toString());
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
   * Keeps the pipe and the lock from the garbage collector, which would close them. A static field
   * would not, as live reload drops this class and loads another.
   */
  private record Keeper(List<Object> references) implements Runnable {
    @Override
    public void run() {
      var never = new CountDownLatch(1);
      try {
        never.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      } finally {
        Reference.reachabilityFence(references);
      }
    }
  }
}
