package io.postern.wire.registry;

import io.postern.wire.CloseReason;
import java.util.Optional;

/**
 * A logged-in user who has left: with the end of the session, or by a command after which it goes
 * on without a user.
 *
 * @param session its last state with the user
 * @param closed why the session ended; empty if it goes on
 * @param stats of the session up to now
 */
public record Logout(SessionInfo session, Optional<CloseReason> closed, SessionStats stats) {}
