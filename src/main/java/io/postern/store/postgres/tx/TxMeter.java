package io.postern.store.postgres.tx;

/** Counts the outcomes of database calls. Called from any thread; must be quick. */
public interface TxMeter {
  /** Counts nothing. */
  TxMeter NONE =
      new TxMeter() {
        @Override
        public void called(String kind, Outcome outcome, long nanos) {}

        @Override
        public void retried() {}
      };

  /** The outcome of a call. */
  enum Outcome {
    /** It succeeded. */
    OK,
    /** The store refused it: no such mailbox, too much. */
    REFUSED,
    /** The database returned an error, or the program has a defect. */
    FAILED,
    /** There was no connection to the database, or it broke. */
    LOST,
    /** The database gave no answer in time. */
    LATE,
    /** Its client had disconnected: it was not begun, or was cancelled in the server. */
    CANCELLED
  }

  /**
   * A call ended.
   *
   * @param kind which method of {@link Tx} it was
   * @param nanos how long it took, waiting for a connection and all tries included
   */
  void called(String kind, Outcome outcome, long nanos);

  /** A transaction lost to another and is retried. */
  void retried();
}
