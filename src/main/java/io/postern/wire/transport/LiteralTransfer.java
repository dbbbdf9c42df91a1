package io.postern.wire.transport;

import io.postern.wire.LiteralSink;
import io.postern.wire.limits.WireLimits;
import io.vertx.core.buffer.Buffer;

/**
 * Octets on their way into a sink, one piece at a time. What the sink does not want, beyond the
 * limit or after its failure, is counted and thrown away.
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

  /** How many came. */
  long octets() {
    return octets;
  }

  /** Whether so much more than the limit came that its end is not to be waited for. */
  boolean isEndless() {
    return octets / WireLimits.DATA_READ > limit;
  }

  /** Whether the sink has not done with the last piece yet. */
  boolean busy() {
    return busy;
  }

  /**
   * Takes the next piece.
   *
   * @param tasks what it is a part of
   * @param taken run when the sink has done with it
   */
  void pour(Buffer bytes, SessionWork tasks, Runnable taken) {
    int wanted = (int) Math.min(bytes.length(), Math.max(0, limit - octets));
    octets += bytes.length();
    if (failed || wanted == 0) {
      taken.run();
      return;
    }
    busy = true;
    tasks.run(
        () -> sink.write(bytes.slice(0, wanted)),
        done -> written(taken),
        failure -> {
          failed = true;
          written(taken);
        });
  }

  /** Tells the sink that it was in vain, as soon as it has done with the last piece. */
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
