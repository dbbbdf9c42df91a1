package io.postern.pop3;

import io.postern.pop3.maildrop.Lease;
import io.postern.pop3.maildrop.Maildrop;
import java.util.Optional;

/** State of a POP3 session (RFC 1939 §3). */
sealed interface Pop3State {
  /**
   * No user is logged in.
   *
   * @param user the name that USER gave
   */
  record Authorization(Optional<String> user) implements Pop3State {}

  /** The maildrop is open and locked. */
  record Transaction(Maildrop maildrop, Lease lease) implements Pop3State {}

  /** QUIT was received, or the connection ended: no more commands run. */
  record Update() implements Pop3State {}
}
