/**
 * Timers of one event loop: deadlines of all its connections on one timer, a queue in which
 * connections with pipelined commands or long ones take turns, and the tasks of one connection.
 *
 * <p>Imports {@code wire} and Vert.x. Must not know a socket.
 *
 * <p>Laws: a timer runs only while a deadline is pending; no turn lasts longer than a few
 * milliseconds.
 */
package io.postern.wire.timer;
