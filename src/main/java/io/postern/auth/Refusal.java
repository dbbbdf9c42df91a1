package io.postern.auth;

/** The reason for a refused login that the client receives. */
public enum Refusal {
  /** The message does not follow the mechanism: a protocol error. */
  MALFORMED,
  /**
   * Whatever is wrong with a name or a proof: unknown, wrong, blocked, disabled, not allowed to act
   * for the requested user. RFC 5530 §3 AUTHENTICATIONFAILED, RFC 3206 §4 AUTH.
   */
  CREDENTIALS,
  /** The user is authenticated, but has too many connections: RFC 5530 §3 LIMIT, POP3 IN-USE. */
  TOO_MANY,
  /** The login can't be decided now; trying again may help: RFC 5530 §3 UNAVAILABLE, SYS/TEMP. */
  UNAVAILABLE;

  /** After so many refused logins a connection is closed. */
  public static final int MAX_PER_CONNECTION = 5;
}
