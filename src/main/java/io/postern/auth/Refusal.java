package io.postern.auth;

/** What somebody who is not let in is told. */
public enum Refusal {
  /** The message is not what the mechanism asks for: a protocol error. */
  MALFORMED,
  /**
   * Whatever is wrong with a name or a proof: unknown, wrong, blocked, disabled, not allowed to act
   * for the other user they named. RFC 5530 §3 AUTHENTICATIONFAILED, RFC 3206 §4 AUTH.
   */
  CREDENTIALS,
  /** They are who they say, but have too many connections: RFC 5530 §3 LIMIT, POP3 IN-USE. */
  TOO_MANY,
  /** It can't be found out now; trying again may help: RFC 5530 §3 UNAVAILABLE, SYS/TEMP. */
  UNAVAILABLE;

  /** After so many refused logins a connection is closed. */
  public static final int MOST = 5;
}
