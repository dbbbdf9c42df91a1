package io.postern.wire.input;

import io.postern.wire.LiteralSink;
import io.postern.wire.limits.WireLimits;
import io.vertx.core.buffer.Buffer;

/**
 * Passes octets to a sink, one piece at a time. Octets beyond the limit or after the sink's failure
 * are counted and discarded.
 */
final class LiteralTransfer {
  private final LiteralSink sink;
  private final long limit;
  private long octets;
  private boolean failed;
  private boolean busy;
  private boolean abandoned;

  LiteralTransfer(LiteralSink sink, long limit) {
    this.sink = sink;
    this.limit = limit;
  }

  LiteralSink sink() {
    return sink;
  }

  /** The octets received so far. */
  long octets() {
    return octets;
  }

  /** Whether so much more than the limit has come that the transfer is given up. */
  boolean isEndless() {
    return octets / WireLimits.DATA_READ > limit;
  }

  /** Whether the sink is still writing the last piece. */
  boolean busy() {
    return busy;
  }

  /**
   * Takes the next piece.
   *
   * @param work the work of the session that the write belongs to
   * @param taken run when the sink has finished with the piece
   */
  void pour(Buffer bytes, SessionWork work, Runnable taken) {
    int wanted = (int) Math.min(bytes.length(), Math.max(0, limit - octets));
    octets += bytes.length();
    if (failed || wanted == 0) {
      taken.run();
      return;
    }
    busy = true;
    work.run(
        () -> sink.write(bytes.slice(0, wanted)),
        done -> written(taken),
        failure -> {
          failed = true;
          written(taken);
        });
  }

  /** Abandons the sink, as soon as it has finished with the last piece. */
  void abandon() {
    abandoned = true;
    if (!busy) {
      sink.abandon();
    }
  }

  private void written(Runnable taken) {
    busy = false;
    if (abandoned) {
      sink.abandon();
    } else {
      taken.run();
    }
  }
}
