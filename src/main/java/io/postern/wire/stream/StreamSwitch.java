package io.postern.wire.stream;

import io.postern.wire.Outbox;
import io.postern.wire.StreamStage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Switches the stream of one connection to a further stage, in three steps: a command requests it;
 * when the command has ended, octets that arrive are discarded; when those that a paused socket had
 * kept back are discarded too, the answer is sent and the stage inserted. So nothing that a client,
 * or an attacker between it and the server, has sent behind the command reaches the protocol. On
 * the connection's context.
 */
public final class StreamSwitch {
  private record Request(StreamStage stage, Buffer answer) {}

  private final NetSocket socket;
  private final Runnable deflate;
  private Optional<Request> request = Optional.empty();

  /** The stage being inserted, until octets pass through it. */
  private Optional<StageInsertion> insertion = Optional.empty();

  /**
   * @param deflate has the connection compress
   */
  public StreamSwitch(NetSocket socket, Runnable deflate) {
    this.socket = socket;
    this.deflate = deflate;
  }

  /**
   * Requests a stage.
   *
   * @param answer the last output that does not pass through it
   */
  public void request(StreamStage stage, Buffer answer) {
    request = Optional.of(new Request(stage, answer));
  }

  /** Whether a stage was requested and is not being inserted. */
  public boolean isRequested() {
    return request.isPresent() && insertion.isEmpty();
  }

  /** Whether octets that arrive now are discarded. */
  public boolean discardsInput() {
    return insertion.isPresent() && !insertion.get().isActive();
  }

  /**
   * Begins to discard octets that arrive; in the next iteration of the event loop, in which a
   * paused socket delivers what it has kept back, sends the answer and inserts the stage. Octets
   * that the socket delivered after that would be taken for those of the stage.
   *
   * @param resume resumes a paused socket; called before the insertion is scheduled, so that what
   *     the socket has kept back is delivered first
   * @param ended whether the connection has ended meanwhile: then nothing more happens
   * @return the stage, when octets pass through it in both directions; fails when the connection
   *     cannot be used any more
   */
  public Future<StreamStage> begin(
      Context context, Outbox out, Runnable resume, BooleanSupplier ended) {
    var stage = request.orElseThrow().stage;
    insertion = Optional.of(StageInsertion.of(stage, socket, deflate));
    resume.run();
    Promise<StreamStage> inserted = Promise.promise();
    context.runOnContext(
        _ -> {
          if (!ended.getAsBoolean()) {
            insert(out).map(stage).onComplete(inserted);
          }
        });
    return inserted.future();
  }

  private Future<Void> insert(Outbox out) {
    out.write(request.orElseThrow().answer).flush();
    return insertion
        .orElseThrow()
        .insert()
        .onSuccess(
            _ -> {
              request = Optional.empty();
              insertion = Optional.empty();
            });
  }
}
