package io.postern.wire;

/**
 * A stage of a connection's octet stream: a transformation between the socket and the protocol that
 * is inserted between two commands, {@link Connection#switchStream}. Octets that the client sends
 * pass through it before they are split into commands, output passes through it after the outbox.
 */
public enum StreamStage {
  /**
   * TLS, this side as the server. What the client sent in clear text behind the command is
   * discarded (RFC 2595 §4, RFC 3501 §6.2.1, RFC 3207 §4.2).
   */
  TLS,

  /** DEFLATE in both directions, within TLS (RFC 4978). */
  DEFLATE
}
