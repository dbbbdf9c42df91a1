package io.postern.wire.input;

import io.postern.wire.CloseReason;
import io.postern.wire.Request;
import io.postern.wire.timer.ConnectionTasks;

/** The connection as its {@link CommandPipeline} uses it. On the connection's context. */
public interface PipelineConnection {
  /** The output of the connection. */
  TrackedOutbox out();

  /** Runs tasks on the context of the connection. */
  ConnectionTasks tasks();

  /** A command begins. */
  void commandBegins(Request request);

  /** Sends waiting output; adjusts reading and time-outs to the state of the pipeline. */
  void settle();

  /** Closes the connection if it leaves after the running command; returns whether it did. */
  boolean closeIfLeaving();

  /** Switches the stream if the command that has ended requested it; returns whether it did. */
  boolean switchIfRequested();

  /**
   * Whether the next command is delayed; {@link CommandPipeline#takeTurn} is called after that.
   *
   * @param workNanos how long the last command has run, nanoseconds
   */
  boolean pause(long workNanos);

  /** Closes the connection. */
  void close(CloseReason reason);

  /** Handles a fault of the program: logs it and closes the connection. */
  void fault(Throwable fault);
}
