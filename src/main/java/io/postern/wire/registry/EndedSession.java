package io.postern.wire.registry;

import io.postern.wire.CloseReason;

/**
 * A session that has ended.
 *
 * @param session its last state
 * @param reason why it ended
 */
public record EndedSession(SessionInfo session, CloseReason reason, SessionStats stats) {}
