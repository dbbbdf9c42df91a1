package io.postern.auth;

/** Why somebody was not let in: for the audit, never for the client. */
public enum Failure {
  /** There is no such account. */
  UNKNOWN,
  /** The password, the proof or the token is wrong. */
  WRONG,
  /** The account is disabled. */
  DISABLED,
  /** The name is one that never logs in: anonymous, guest, ... */
  BLOCKED,
  /** The account is an administrator's mailbox, which mail protocols don't open. */
  ADMINISTRATOR,
  /** The account does not have this protocol. */
  PROTOCOL_OFF,
  /** The user may not act for the other one, or there is no other one; found before any proof. */
  NOT_GRANTED
}
