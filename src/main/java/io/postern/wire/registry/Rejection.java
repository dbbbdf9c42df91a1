package io.postern.wire.registry;

/** Why a connection was refused, or ended because it exceeds a limit. */
public enum Rejection {
  /** The listener is shutting down. */
  DRAINING,
  /** The TLS handshake failed. */
  TLS,
  /** The limit of connections is reached. */
  CONNECTIONS,
  /** The limit of connections from one address is reached. */
  ADDRESS,
  /** The limit of sessions of one user is reached. */
  USER,
  /** An access rule or the login guard refuses this address or user. */
  POLICY,
  /** The PROXY header is missing or malformed. */
  PROXY
}
