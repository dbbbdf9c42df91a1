package io.postern.wire.transport;

import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.input.CommandPipeline;
import io.postern.wire.input.Phase;
import io.postern.wire.input.SessionWork;
import io.postern.wire.limits.LoginLimits;
import io.postern.wire.limits.WireLimits;
import io.postern.wire.timer.ConnectionTasks;
import io.vertx.core.buffer.Buffer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The end of one connection: closes it between two commands when the server shuts down, otherwise
 * at once; sends the farewell, stops all that runs for it, and cuts it if its peer does not take
 * the last output. On the connection's context.
 */
final class ConnectionEnd {
  private static final Logger LOG = System.getLogger(ConnectionEnd.class.getName());

  private final String id;
  private final CommandPipeline pipeline;
  private final SessionWork work;
  private final SocketOutbox out;
  private final SocketInput input;
  private final LoginLimits login;
  private final ConnectionTasks tasks;
  private final Timeouts timeouts;
  private final BooleanSupplier allowsFarewell;
  private Optional<CloseReason> closing = Optional.empty();
  private boolean leaving;
  private boolean gone;

  /**
   * @param id of the connection in logs
   * @param allowsFarewell whether the client would see a farewell as a line of its own
   */
  ConnectionEnd(
      String id,
      CommandPipeline pipeline,
      SessionWork work,
      SocketOutbox out,
      SocketInput input,
      LoginLimits login,
      ConnectionTasks tasks,
      Timeouts timeouts,
      BooleanSupplier allowsFarewell) {
    this.id = id;
    this.allowsFarewell = allowsFarewell;
    this.pipeline = pipeline;
    this.work = work;
    this.out = out;
    this.input = input;
    this.login = login;
    this.tasks = tasks;
    this.timeouts = timeouts;
  }

  /** Whether the connection is closing or has ended. */
  boolean hasBegun() {
    return closing.isPresent();
  }

  /** {@link Connection#leave}. */
  void leave(Duration lastCommand) {
    if (closing.isPresent() || leaving) {
      return;
    }
    leaving = true;
    // What runs takes effect in any case; a client without its answer would repeat it.
    if (pipeline.atRest()) {
      close(CloseReason.SHUTDOWN);
    } else {
      tasks.after(lastCommand, () -> close(CloseReason.SHUTDOWN));
    }
  }

  /** Closes if that waited for the command that has ended; returns whether it did. */
  boolean closeIfLeaving() {
    if (leaving) {
      close(CloseReason.SHUTDOWN);
    }
    return leaving;
  }

  /** {@link Connection#close}. */
  void close(CloseReason reason) {
    if (closing.isPresent()) {
      return;
    }
    if (reason == CloseReason.SHUTDOWN && !leaving && !pipeline.atRest()) {
      leave(WireLimits.LAST_COMMAND);
      return;
    }
    closing = Optional.of(reason);
    // First: a client that reads the farewell may reconnect at once.
    work.leave(reason);
    if (pipeline.phase() != Phase.SWITCHING) {
      if (allowsFarewell.getAsBoolean()) {
        out.write(farewell(reason));
      }
      out.endCompression();
      out.flush();
    }
    boolean sending = isSending(reason);
    stop();
    timeouts.afterFarewell(this::cut);
    input.read(true);
    input.close(sending);
  }

  /** Whether the client is in the middle of a command that the server has no room for. */
  private boolean isSending(CloseReason reason) {
    return reason == CloseReason.TOO_LARGE || (reason == CloseReason.FULL && pipeline.held() > 0);
  }

  private void stop() {
    out.shut();
    timeouts.stop();
    tasks.cancelDelayed();
    tasks.runHere(pipeline::close);
    login.release();
  }

  private Buffer farewell(CloseReason reason) {
    try {
      return pipeline.session().farewell(reason);
    } catch (RuntimeException fault) {
      LOG.log(Level.ERROR, "session " + id + " failed to write its farewell", fault);
      return Buffer.buffer();
    }
  }

  private void cut() {
    if (!gone) {
      input.cut();
    }
  }

  /** The socket is closed. Returns why, at the first call only. */
  Optional<CloseReason> gone() {
    if (gone) {
      return Optional.empty();
    }
    gone = true;
    closing = Optional.of(closing.orElse(CloseReason.CLIENT));
    stop();
    work.gone();
    return closing;
  }
}
