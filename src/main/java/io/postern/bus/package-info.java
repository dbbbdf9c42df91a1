/**
 * The connection to Redis that {@code push} and {@code limits} build on.
 *
 * <p>Holds {@code ReconnectingRedis}, one connection that is opened again after it was lost.
 * Imports Vert.x' Redis client. Must not know what is sent over it.
 *
 * <p>Laws: no caller waits for Redis; a connection that does not answer is closed and opened again.
 */
package io.postern.bus;
