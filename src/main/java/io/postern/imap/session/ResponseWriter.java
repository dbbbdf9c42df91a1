package io.postern.imap.session;

import io.postern.imap.grammar.ResponseText;
import io.postern.wire.Connection;
import io.postern.wire.Outbox;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** What a command writes with. Whoever writes much awaits {@link #room()} between pieces. */
public final class ResponseWriter {
  /** After so many steps the event loop is given to others. */
  private static final int SLICE = 256;

  private final Connection connection;
  private boolean amidLiteral;

  public ResponseWriter(Connection connection) {
    this.connection = connection;
  }

  /** What was written, as it is. */
  public ResponseWriter write(ResponseText text) {
    connection.out().write(text.buffer());
    return this;
  }

  /** Octets as they are. */
  public ResponseWriter write(Buffer octets) {
    connection.out().write(octets);
    return this;
  }

  /** The octets of a literal follow, or have all been written. */
  public void amidLiteral(boolean amid) {
    amidLiteral = amid;
  }

  /** Whether whatever is written now would be taken for octets of a literal. */
  boolean isAmidLiteral() {
    return amidLiteral;
  }

  /** One untagged line; the star before it and the line end behind it are added. */
  public ResponseWriter untagged(Consumer<ResponseText> line) {
    var text = new ResponseText().raw("* ");
    line.accept(text);
    return write(text.crlf());
  }

  /** A continuation request (RFC 3501 §7.5), sent at once. */
  public void continuation(String text) {
    continuation(Buffer.buffer(text));
  }

  /** A continuation request with octets of its own, sent at once. */
  public void continuation(Buffer text) {
    connection.out().write("+ ").write(text).write("\r\n");
    flush();
  }

  /** One untagged line without its star and line end; plain ASCII. */
  public ResponseWriter untagged(String line) {
    connection.out().write("* ").write(line).write("\r\n");
    return this;
  }

  /** Sends what has gathered, without waiting for the end of the turn. */
  public void flush() {
    connection.out().flush();
  }

  /** Completes when the client has taken enough that more may be written. */
  public Uni<Void> room() {
    return connection.out().room();
  }

  /** Completes when there is room and other sessions of the event loop have had their turns. */
  public Uni<Void> pause() {
    return Uni.createFrom()
        .<Void>emitter(emitter -> connection.context().runOnContext(_ -> emitter.complete(null)))
        .chain(this::room);
  }

  /** How many octets may be written between two waits for room. */
  public int piece() {
    return connection.out().piece();
  }

  /** Memory for something that is read to be written, to be released when that is done. */
  public Outbox.Allowance allowance(int wanted) {
    return connection.out().allowance(wanted);
  }

  /** Whether {@link #room()} would have to wait. */
  public boolean full() {
    return connection.out().full();
  }

  /**
   * Takes steps 0 to count - 1 in order, as fast as the client takes what they write, in slices
   * that let other sessions of the event loop have their turns.
   */
  public Uni<Void> each(int count, IntConsumer step) {
    return Uni.createFrom()
        .emitter(
            emitter -> new Slices(count, step, () -> emitter.complete(null), emitter::fail).run());
  }

  /** The run of a loop in slices. */
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

    /** When there is room; a connection that has ended has none. */
    private void goOn() {
      room().subscribe().with(_ -> run(), failed);
    }
  }
}
