/**
 * The registry of the open sessions of a node, and the events of their life.
 *
 * <p>Holds {@code SessionRegistry} with its {@code Registration}s, what it reports of a session
 * ({@code SessionInfo}, {@code SessionStats}, {@code CommandRecord}, {@code Logout}) and the
 * interface that is notified ({@code SessionObserver}). Imports {@code wire} and {@code
 * wire.timer}. Must not know a socket or a protocol.
 *
 * <p>Laws: a session is registered from its acceptance to its end, and its end is reported exactly
 * once, and so is each logout: at the end of the session, or before when the connection stays. A
 * connection that another site passes on is reported when its client is known, under the identifier
 * that it has there; of one that is passed on to another site, login and logout are reported there.
 */
package io.postern.wire.registry;
