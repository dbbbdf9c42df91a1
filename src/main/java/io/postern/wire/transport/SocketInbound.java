package io.postern.wire.transport;

import io.postern.wire.input.CommandPipeline;
import io.postern.wire.stream.StreamSwitch;
import io.postern.wire.timer.ConnectionTasks;
import io.vertx.core.buffer.Buffer;

/**
 * Where the octets that a connection receives go: to the server that it is passed on to, or to the
 * commands, decompressed if they are compressed. On the connection's context.
 */
final class SocketInbound {
  private final StreamSwitch streamSwitch;
  private final Compression compression;
  private final Piping piping;
  private final CommandPipeline pipeline;
  private final ConnectionTasks tasks;
  private final SocketTraffic traffic;

  SocketInbound(
      StreamSwitch streamSwitch,
      Compression compression,
      Piping piping,
      CommandPipeline pipeline,
      ConnectionTasks tasks,
      SocketTraffic traffic) {
    this.streamSwitch = streamSwitch;
    this.compression = compression;
    this.piping = piping;
    this.pipeline = pipeline;
    this.tasks = tasks;
    this.traffic = traffic;
  }

  /** Takes what the socket received; discarded while a stage is put into the stream. */
  void arrived(Buffer bytes) {
    if (streamSwitch.discardsInput()) {
      return;
    }
    traffic.received(bytes.length());
    tasks.runHere(
        () -> {
          if (piping.isActive()) {
            piping.arrived(bytes);
          } else {
            compression.arrived(bytes);
          }
        });
  }

  /** Whether there is room for more. */
  boolean takesMore() {
    return piping.isActive() ? piping.takesInput() : !pipeline.full() && !compression.holdsInput();
  }

  /** Goes on with what is held, when there is room again. */
  void resume() {
    compression.resume();
  }

  /** The connection has ended. */
  void close() {
    compression.close();
    piping.close();
  }
}
