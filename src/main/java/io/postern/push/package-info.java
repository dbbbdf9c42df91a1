/**
 * Telling others to look again. A hint carries ids and a mod-sequence, never content, and the time
 * of the commit, by which nothing is decided: it is for the meter of lateness only. A hint may be
 * lost, doubled or out of order without harm, because whoever gets it re-reads the store.
 *
 * <p>Holds the port {@code Hints}, its adapters, and the {@code PublishingMessages} ones, which
 * publish after a change is committed. Imports {@code model}, {@code config} and the store ports.
 * Must not know a protocol; only the files of {@code RedisHints} know Redis.
 *
 * <p>Laws: a node listens for an account before its sessions look at it last, or they look once
 * more; whoever was cut off looks again when it is back, and the others know that it is (their
 * idlers look by themselves meanwhile); nothing waits for Redis, and nothing ends because it is
 * away.
 */
package io.postern.push;
