package io.postern.auth;

/** Why a login failed: for the audit log, never for the client. */
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
  /** No grant to act for the requested user, who may not exist; found before any proof. */
  NOT_GRANTED
}
