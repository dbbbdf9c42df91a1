package io.postern.imap.session;

import io.postern.imap.grammar.ResponseText;
import io.postern.wire.Connection;
import io.postern.wire.Outbox;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Writes responses. A command awaits {@link #room()} between pieces of a long response. */
public final class ResponseWriter {
  /** After so many steps other tasks of the event loop run. */
  private static final int SLICE = 256;

  private final Connection connection;
  private boolean amidLiteral;

  public ResponseWriter(Connection connection) {
    this.connection = connection;
  }

  /** Writes the text unchanged. */
  public ResponseWriter write(ResponseText text) {
    connection.out().write(text.buffer());
    return this;
  }

  /** Writes the octets unchanged. */
  public ResponseWriter write(Buffer octets) {
    connection.out().write(octets);
    return this;
  }

  /** Marks whether the octets of a literal are being written. */
  public void amidLiteral(boolean amid) {
    amidLiteral = amid;
  }

  /** Whether the client would take the next octets for those of a literal. */
  boolean isAmidLiteral() {
    return amidLiteral;
  }

  /** Writes one untagged line; adds the star before it and the line end. */
  public ResponseWriter untagged(Consumer<ResponseText> line) {
    var text = new ResponseText().raw("* ");
    line.accept(text);
    return write(text.crlf());
  }

  /** Sends a continuation request at once (RFC 3501 §7.5). */
  public void continuation(String text) {
    continuation(Buffer.buffer(text));
  }

  /** Sends a continuation request with these octets at once. */
  public void continuation(Buffer text) {
    connection.out().write("+ ").write(text).write("\r\n");
    flush();
  }

  /** Writes one untagged line, given without its star and line end, in plain ASCII. */
  public ResponseWriter untagged(String line) {
    connection.out().write("* ").write(line).write("\r\n");
    return this;
  }

  /** Sends the pending output, without waiting for the end of the command. */
  public void flush() {
    connection.out().flush();
  }

  /** Completes when the client has read enough that more may be written. */
  public Uni<Void> room() {
    return connection.out().room();
  }

  /** Completes when there is room and other sessions of the event loop have run. */
  public Uni<Void> pause() {
    return Uni.createFrom()
        .<Void>emitter(emitter -> connection.context().runOnContext(_ -> emitter.complete(null)))
        .chain(this::room);
  }

  /** How many octets may be written between two waits for room. */
  public int piece() {
    return connection.out().piece();
  }

  /** Reserves memory for data that is read to be written; the caller releases it when done. */
  public Outbox.Allowance allowance(int wanted) {
    return connection.out().allowance(wanted);
  }

  /** Whether {@link #room()} would have to wait. */
  public boolean full() {
    return connection.out().full();
  }

  /**
   * Runs steps 0 to count - 1 in order, as fast as the client reads what they write, in slices that
   * let other sessions of the event loop run.
   */
  public Uni<Void> each(int count, IntConsumer step) {
    return Uni.createFrom()
        .emitter(
            emitter -> new Slices(count, step, () -> emitter.complete(null), emitter::fail).run());
  }

  /** A loop that runs in slices. */
  private final class Slices implements Runnable {
    private final int count;
    private final IntConsumer step;
    private final Runnable done;
    private final Consumer<Throwable> failed;
    private int at;

    Slices(int count, IntConsumer step, Runnable done, Consumer<Throwable> failed) {
      this.count = count;
      this.step = step;
      this.done = done;
      this.failed = failed;
    }

    @Override
    public void run() {
      try {
        for (int end = Math.min(count, at + SLICE); at < end && !full(); at++) {
          step.accept(at);
        }
      } catch (RuntimeException e) {
        failed.accept(e);
        return;
      }
      if (at == count) {
        done.run();
      } else if (full()) {
        goOn();
      } else {
        connection.context().runOnContext(_ -> goOn());
      }
    }

    /** Continues when there is room; a connection that has ended has none. */
    private void goOn() {
      room().subscribe().with(_ -> run(), failed);
    }
  }
}
