package io.postern.wire;

/** Why a connection ended. */
public enum CloseReason {
  /** The client closed the connection, or its peer vanished. */
  CLIENT,
  /** The session ended by command: LOGOUT, QUIT. */
  LOGOUT,
  /** No login within the pre-authenticated time-out. */
  LOGIN_TIMEOUT,
  /** No command within the authenticated time-out. */
  IDLE_TIMEOUT,
  /** A literal or message data stopped coming, or the client stopped taking output. */
  STALLED,
  /** Too many protocol errors. */
  ERRORS,
  /** What came on a compressed connection cannot be decompressed. */
  NOT_COMPRESSED,
  /** Too many logins failed or were refused. */
  LOGINS_REFUSED,
  /** A command, or message data, exceeds what the server reads to find its end. */
  TOO_LARGE,
  /** A limit of connections is reached. */
  FULL,
  /** The limit of connections from one address is reached. */
  ADDRESS_FULL,
  /** The access rules deny this address. */
  DENIED,
  /** The session was evicted in favour of a newer one of the same user. */
  EVICTED,
  /** The server shuts down. */
  SHUTDOWN,
  /** An administrator or a change of policy revoked the session. */
  REVOKED,
  /** The connection to the site of the user's mailbox broke. */
  HOME_LOST,
  /** A fault of the program. */
  FAULT
}
