package io.postern.wire.registry;

/**
 * The totals of a session.
 *
 * @param octetsIn received from the client, as protocol text
 * @param octetsOut sent to the client
 * @param commands that the client gave
 */
public record SessionStats(long octetsIn, long octetsOut, long commands) {}
