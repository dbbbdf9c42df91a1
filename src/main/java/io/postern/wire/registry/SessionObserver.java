package io.postern.wire.registry;

import io.postern.wire.CloseReason;

/** Receives the events of all connections. Called from any thread; must be quick. */
public interface SessionObserver {
  /** Ignores all events. */
  SessionObserver NONE = new SessionObserver() {};

  /** A connection was accepted. */
  default void opened(SessionInfo session) {}

  /**
   * TLS is active.
   *
   * @param version as the Java platform names it: {@code TLSv1.3}
   * @param asked whether the client requested it by a command
   */
  default void secured(SessionInfo session, String version, boolean asked) {}

  /** A user has logged in. */
  default void loggedIn(SessionInfo session) {}

  /** The connection has ended. */
  default void closed(SessionInfo session, SessionStats stats, CloseReason why) {}

  /** A connection was refused, or ended because it exceeds a limit. */
  default void rejected(String protocol, Rejection why) {}

  /** Whether {@link #ran} is called for a protocol's commands; read at each of them. */
  default boolean wantsCommands(String protocol) {
    return false;
  }

  /** A command ended. */
  default void ran(SessionInfo session, CommandRecord command) {}
}
