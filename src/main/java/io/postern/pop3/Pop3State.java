package io.postern.pop3;

import java.util.Optional;

/** Where a session stands (RFC 1939 §3). */
sealed interface Pop3State {
  /**
   * Nobody is logged in.
   *
   * @param user whom USER named
   */
  record Authorization(Optional<String> user) implements Pop3State {}

  /** The maildrop is open and locked. */
  record Transaction(Maildrop maildrop, Lease lease) implements Pop3State {}

  /** QUIT was said, or the connection is gone: nothing more is done for the client. */
  record Update() implements Pop3State {}
}
