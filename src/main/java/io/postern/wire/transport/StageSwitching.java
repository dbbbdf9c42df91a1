package io.postern.wire.transport;

import io.postern.wire.CloseReason;
import io.postern.wire.StreamStage;
import io.postern.wire.input.CommandPipeline;
import io.postern.wire.registry.Registration;
import io.postern.wire.stream.StreamSwitch;
import io.postern.wire.timer.ConnectionTasks;
import io.vertx.core.Context;

/** Puts a requested stage into a connection's stream; no command runs until it is there. */
final class StageSwitching {
  private final StreamSwitch streamSwitch;
  private final CommandPipeline pipeline;
  private final ConnectionTasks tasks;
  private final ConnectionEnd end;
  private final SocketOutbox out;
  private final Runnable settle;

  StageSwitching(
      StreamSwitch streamSwitch,
      CommandPipeline pipeline,
      ConnectionTasks tasks,
      ConnectionEnd end,
      SocketOutbox out,
      Runnable settle) {
    this.streamSwitch = streamSwitch;
    this.pipeline = pipeline;
    this.tasks = tasks;
    this.end = end;
    this.out = out;
    this.settle = settle;
  }

  /** Begins the switch; the pipeline goes on when it is done, or the connection is closed. */
  void begin(Context context, Registration registration) {
    pipeline.beginSwitch();
    streamSwitch
        .begin(context, out, settle, end::hasBegun)
        .onSuccess(stage -> tasks.runHere(() -> switched(stage, registration)))
        .onFailure(
            _ -> {
              // What the peer sends now is neither clear text nor the stage's.
              registration.handshakeFailed();
              end.close(CloseReason.CLIENT);
            });
  }

  private void switched(StreamStage stage, Registration registration) {
    switch (stage) {
      case TLS -> registration.secured(true);
      case DEFLATE -> {}
    }
    pipeline.goOn();
  }
}
