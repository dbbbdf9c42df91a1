package io.postern.store.postgres.tx;

/** Is told what calls of the database come to. Called from any thread; must be quick. */
public interface TxMeter {
  /** Nobody counts. */
  TxMeter NONE =
      new TxMeter() {
        @Override
        public void called(String kind, Outcome outcome, long nanos) {}

        @Override
        public void triedAgain() {}
      };

  /** What a call came to. */
  enum Outcome {
    /** It was done. */
    OK,
    /** The store refused it: no such mailbox, too much. */
    REFUSED,
    /** The database said that it cannot, or the program is at fault. */
    FAILED,
    /** There was no way to the database, or it broke. */
    LOST,
    /** The database gave no answer in time. */
    LATE,
    /** Its client had gone: it was not begun, or was cancelled in the server. */
    CANCELLED
  }

  /**
   * A call ended.
   *
   * @param kind which method of {@link Tx} it was
   * @param nanos how long it took, waiting for a connection and all tries included
   */
  void called(String kind, Outcome outcome, long nanos);

  /** A transaction lost against another and is tried again. */
  void triedAgain();
}
