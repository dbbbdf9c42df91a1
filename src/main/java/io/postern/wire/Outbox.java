package io.postern.wire;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/** The ordered, buffered output of one connection. */
public interface Outbox {
  /** Appends the bytes; sent when 16 KiB are buffered, at the end of the turn, or at a flush. */
  Outbox write(Buffer bytes);

  /** Appends the text, each char one octet (ISO 8859-1). */
  Outbox write(String latin1);

  /**
   * Appends what the writer adds to the end of a buffer, which may hold earlier output: no copy is
   * made. When the writer fails, nothing is appended. Sent as by {@link #write(Buffer)}.
   */
  default Outbox append(Consumer<Buffer> writer) {
    var bytes = Buffer.buffer();
    writer.accept(bytes);
    return write(bytes);
  }

  /** Sends what is buffered. */
  void flush();

  /**
   * Completes, at once where possible, when the client has taken enough that more may be written.
   * Every command that writes more than a few lines awaits it between pieces. Fails with {@link
   * CancellationException} when the connection has ended.
   */
  Uni<Void> room();

  /** Whether {@link #room()} would have to wait. */
  boolean full();

  /**
   * How many octets may be written between two waits for room: less when the node holds much output
   * for all of its clients together.
   */
  default int piece() {
    return OutputBudget.PIECE;
  }

  /**
   * Reserves memory for data that is read in order to be written. Never waits.
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

  /** Accounts for what one command holds until it ends. */
  default Holding holding() {
    return new Holding() {
      @Override
      public boolean add(long octets) {
        return true;
      }

      @Override
      public void require(long octets) {}

      @Override
      public void release() {}
    };
  }

  /** Memory that one command holds until it ends; on the connection's context. */
  interface Holding {
    /**
     * Adds octets. False, with nothing added, if the node holds too much for all of its clients
     * together; a few octets are always granted.
     */
    boolean add(long octets);

    /** Adds octets, however much the node holds. */
    void require(long octets);

    /** Gives all of it back; nothing is added after that. */
    void release();
  }

  /** Memory that a command may use; on the connection's context. */
  interface Allowance {
    /** The octets granted: as many as wanted, or fewer. */
    int octets();

    /** Gives back all but so many octets. */
    void keep(long used);

    /** Gives all of it back; the second call does nothing. */
    void release();
  }
}
