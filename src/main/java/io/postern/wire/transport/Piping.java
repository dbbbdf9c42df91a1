package io.postern.wire.transport;

import io.postern.wire.CloseReason;
import io.postern.wire.Pipe;
import io.postern.wire.ServerStream;
import io.postern.wire.ServerStream.End;
import io.postern.wire.input.CommandPipeline;
import io.postern.wire.input.Phase;
import io.postern.wire.timer.ConnectionTasks;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * The pipe of one connection, if it is passed on to another server: octets pass in both directions
 * as they are, each direction as fast as its receiver takes them. On the connection's context.
 */
final class Piping {
  private final SocketOutbox out;
  private final CommandPipeline pipeline;
  private final ConnectionTasks tasks;
  private final Runnable settle;
  private final Consumer<CloseReason> close;
  private Optional<Pipe> requested = Optional.empty();
  private Optional<ServerStream> server = Optional.empty();
  private Optional<Pipe.Observer> observer = Optional.empty();

  /** The last two octets that were sent to the client. */
  private int last;

  /**
   * @param settle called when the server takes input again
   * @param close closes the connection
   */
  Piping(
      SocketOutbox out,
      CommandPipeline pipeline,
      ConnectionTasks tasks,
      Runnable settle,
      Consumer<CloseReason> close) {
    this.out = out;
    this.pipeline = pipeline;
    this.tasks = tasks;
    this.settle = settle;
    this.close = close;
  }

  /** Requests a pipe, which begins when the running command has ended. */
  void request(Pipe pipe) {
    if (pipeline.phase() == Phase.CLOSED) {
      pipe.server().close();
      return;
    }
    requested = Optional.of(pipe);
    server = Optional.of(pipe.server());
  }

  /** The pipe that was requested and has not begun. */
  Optional<Pipe> requested() {
    return requested;
  }

  /** Whether it has begun. */
  boolean isActive() {
    return server.isPresent() && requested.isEmpty() && pipeline.phase() == Phase.PIPED;
  }

  /** Begins the requested pipe. */
  void begin() {
    var pipe = requested.orElseThrow();
    requested = Optional.empty();
    observer = Optional.of(pipe.observer());
    pipe.observer().began();
    out.consolidateFlushes();
    var ahead = pipeline.beginPipe();
    send(pipe.answer());
    var stream = pipe.server();
    stream.onOctets(bytes -> tasks.runHere(() -> fromServer(stream, bytes)));
    stream.onRoom(() -> tasks.runHere(settle));
    // Not the pipe, which holds the answer.
    var spread = pipe.spread();
    stream.onEnd(end -> tasks.runHere(() -> ended(end, spread)));
    if (ahead.length() > 0) {
      stream.write(ahead);
    }
    stream.resume();
    settle.run();
  }

  private void send(Buffer bytes) {
    int length = bytes.length();
    if (length > 1) {
      last = bytes.getByte(length - 2) << 8 | (bytes.getByte(length - 1) & 0xFF);
    } else if (length == 1) {
      last = (last & 0xFF) << 8 | (bytes.getByte(0) & 0xFF);
    }
    out.write(bytes).flush();
  }

  private void fromServer(ServerStream stream, Buffer bytes) {
    pipeline.pipeProgressed();
    send(bytes);
    if (out.full()) {
      stream.pause();
      out.room()
          .subscribe()
          .with(
              _ -> stream.resume(),
              // The connection has ended, and the stream is closed with it.
              _ -> stream.close());
    }
  }

  /** Takes octets that the client sent. */
  void arrived(Buffer bytes) {
    pipeline.pipeProgressed();
    server.orElseThrow().write(bytes);
    settle.run();
  }

  /** Whether the server takes more input. */
  boolean takesInput() {
    return server.isEmpty() || !server.get().full();
  }

  /** Whether the client would see a farewell as a line of its own. */
  boolean allowsFarewell() {
    return !isActive() || last == ('\r' << 8 | '\n');
  }

  private void ended(End end, Duration spread) {
    report(end);
    switch (end) {
      case CLOSED -> close.accept(CloseReason.LOGOUT);
      case BROKEN -> {
        // Not all at once: the clients of a whole site may be affected.
        long most = spread.toMillis();
        long delay = most == 0 ? 0 : ThreadLocalRandom.current().nextLong(most + 1);
        tasks.after(Duration.ofMillis(delay), () -> close.accept(CloseReason.HOME_LOST));
      }
    }
  }

  private void report(End end) {
    observer.ifPresent(it -> it.ended(end));
    observer = Optional.empty();
  }

  /** The connection has ended: closes the other one. */
  void close() {
    server.ifPresent(ServerStream::close);
    report(End.CLOSED);
  }
}
