package io.postern.wire.registry;

import io.postern.model.MailProtocol;
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

  /**
   * The user has left, and the connection stays.
   *
   * @param session as it was before
   */
  default void userLeft(SessionInfo session) {}

  /** The connection has ended. */
  default void closed(SessionInfo session, SessionStats stats, CloseReason why) {}

  /** A connection was refused, or ended because it exceeds a limit. */
  default void rejected(MailProtocol protocol, Rejection why) {}

  /**
   * A command ended.
   *
   * @param command its name in the protocol's catalogue, {@code ?} for an unknown one
   * @param outcome a word of the protocol's own, such as {@code ok} or {@code no}
   * @param nanos how long it ran
   */
  default void commandEnded(SessionInfo session, String command, String outcome, long nanos) {}

  /**
   * Whether {@link #commandRecorded} is called for a protocol's commands; read when one begins. It
   * keeps in memory what the client sent until the command ends.
   */
  default boolean recordsCommands(MailProtocol protocol) {
    return false;
  }

  /** A command ended: the same with what the client sent. */
  default void commandRecorded(SessionInfo session, CommandRecord command) {}
}
