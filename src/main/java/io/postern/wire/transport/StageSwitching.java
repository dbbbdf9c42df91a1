package io.postern.wire.transport;

import io.postern.wire.CloseReason;
import io.postern.wire.StreamStage;
import io.postern.wire.input.CommandPipeline;
import io.postern.wire.registry.Registration;
import io.postern.wire.stream.StreamSwitch;
import io.postern.wire.timer.ConnectionTasks;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;

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

  /**
   * Requests a stage, which begins behind the answer to the running command.
   *
   * @param canStartTls whether TLS may begin
   */
  void request(StreamStage stage, Buffer answer, boolean canStartTls) {
    boolean possible =
        switch (stage) {
          case TLS -> canStartTls;
          case DEFLATE -> !out.compresses();
        };
    if (!possible) {
      throw new IllegalStateException(stage + " cannot be started");
    }
    streamSwitch.request(stage, answer);
  }

  /** Begins the switch if one is requested; returns whether it did. */
  boolean beginIfRequested(Context context, Registration registration) {
    if (streamSwitch.isRequested()) {
      begin(context, registration);
      return true;
    }
    return false;
  }

  /** The pipeline goes on when the stage is there, or the connection is closed. */
  private void begin(Context context, Registration registration) {
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
