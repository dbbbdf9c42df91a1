/**
 * What is told of a running server: meters, logs, whether it is alive and ready.
 *
 * <p>Implements the small interfaces that the rooms it watches declare, so that no protocol knows a
 * meter. Imports {@code model}, {@code config}, {@code wire}, {@code auth}, {@code push}, {@code
 * imap.session}, {@code cluster.CrowdMeter}, {@code observe.trace.Traces}, and of the store what
 * counts its calls and the indexes themselves, whose size is asked. Must not change anything, nor
 * slow a session down.
 *
 * <p>Laws: labels are bounded; no secret, no text of a message, no user's name is a label. A line
 * of the log that is about a session begins with {@code session} and its id. What a client says
 * before it is known who it is, and all that proves it, is never logged.
 */
package io.postern.observe;
