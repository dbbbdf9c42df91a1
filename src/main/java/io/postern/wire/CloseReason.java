package io.postern.wire;

/** Why a connection ended. */
public enum CloseReason {
  /** The client closed, or its peer vanished. */
  CLIENT,
  /** The session was over: LOGOUT, QUIT. */
  LOGOUT,
  /** No login within the pre-authenticated time-out. */
  LOGIN_TIMEOUT,
  /** No command within the authenticated time-out. */
  IDLE_TIMEOUT,
  /** A literal or message data stopped coming, or output stopped being taken. */
  STALLED,
  /** Too many protocol errors. */
  ERRORS,
  /** Too many logins were refused. */
  LOGINS_REFUSED,
  /** A command, or message data, whose end is too far away to be waited for. */
  TOO_LARGE,
  /** A limit is reached: there is no room for this connection. */
  FULL,
  /** As many connections are open from its address as may be. */
  ADDRESS_FULL,
  /** Nobody may come in from this address. */
  DENIED,
  /** A newer session of the user takes its place. */
  DISPLACED,
  /** The server goes away. */
  SHUTDOWN,
  /** An administrator or a change of policy ended it. */
  KICKED,
  /** A fault of the server. */
  FAULT
}
