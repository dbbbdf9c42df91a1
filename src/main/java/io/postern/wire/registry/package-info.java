/**
 * The registry of the open sessions of a node, and the events of their life.
 *
 * <p>Holds {@code SessionRegistry} with its {@code Registration}s, what it reports of a session
 * ({@code SessionInfo}, {@code SessionStats}, {@code CommandRecord}, {@code Logout}) and the
 * interface that is notified ({@code SessionObserver}). Imports {@code wire} and {@code
 * wire.timer}. Must not know a socket or a protocol.
 *
 * <p>Laws: a session is registered from its acceptance to its end, and its end is reported exactly
 * once, and so is each logout: at the end of the session, or before when the connection stays.
 */
package io.postern.wire.registry;
