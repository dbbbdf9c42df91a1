package io.postern.wire;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.CancellationException;

/** Ordered, gathered output of one connection. */
public interface Outbox {
  /** Adds the bytes. Sent when 16 KiB have gathered, at the end of the turn, or at a flush. */
  Outbox write(Buffer bytes);

  /** Adds the text, each char one octet (ISO 8859-1). */
  Outbox write(String latin1);

  /** Sends what has gathered. */
  void flush();

  /**
   * Completes, at once where possible, when the client has taken enough that more may be written.
   * Awaited between pieces by all who write more than a few lines. Fails with {@link
   * CancellationException} when the connection has ended.
   */
  Uni<Void> room();

  /** Whether {@link #room()} would have to wait. */
  boolean full();

  /**
   * How many octets may be written between two waits for room: less when the node holds much for
   * all of its clients together.
   */
  default int piece() {
    return OutputBudget.PIECE;
  }

  /**
   * Memory for something that is read to be written. Never waits.
   *
   * @param wanted octets
   */
  default Allowance allowance(int wanted) {
    return new Allowance() {
      @Override
      public int octets() {
        return wanted;
      }

      @Override
      public void keep(long used) {}

      @Override
      public void release() {}
    };
  }

  /** Memory that a command may use; on the connection's context. */
  interface Allowance {
    /** How many octets: as many as wanted, or fewer. */
    int octets();

    /** Gives back what is more than so many octets. */
    void keep(long used);

    /** Gives it back; the second call does nothing. */
    void release();
  }
}
