/**
 * Notifies sessions to resync. A hint carries ids and a mod-sequence, never content, and the time
 * of the commit, which only the meter of lateness uses. A hint may be lost, doubled or out of order
 * without harm, because its receiver reads the store again.
 *
 * <p>Holds the port {@code Hints}, its adapters, and {@code HintPublisher}, {@code
 * PublishingMailboxes} and {@code PublishingAnnotations}, which publish after a change is
 * committed. Imports {@code model}, {@code config} and the store ports. Must not know a protocol;
 * only the files of {@code RedisHints} know Redis.
 *
 * <p>Laws: a node subscribes to an account before its sessions last read it, or they resync once
 * more; a node that was cut off resyncs when it is back, and the others know that it was (their
 * idling sessions resync by themselves meanwhile); nothing waits for Redis, and nothing ends
 * because it is away.
 */
package io.postern.push;
